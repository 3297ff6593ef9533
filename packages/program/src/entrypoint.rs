//! Where the runtime enters. Pinocchio's own is unrolled and turns errors around twice: 3.4 KB, where this
//! loop takes half a kilobyte and a few compute units more.

use crate::instructions::process;
use core::mem::MaybeUninit;
use core::slice::{from_raw_parts, from_raw_parts_mut};
use pinocchio::account::{MAX_PERMITTED_DATA_INCREASE, RuntimeAccount};
use pinocchio::entrypoint::NON_DUP_MARKER;
use pinocchio::{AccountView, Address, SUCCESS};

/// More accounts than any instruction takes, few enough for a small stack frame.
const MAX_ACCOUNTS: usize = 24;
/// Of everything that the runtime writes down.
const ALIGNMENT: usize = 8;

/// # Safety
/// `input` is what the runtime writes for a program: the count of accounts; each account, or the place
/// of the one it repeats; the data's length and the data; the program's address.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn entrypoint(input: *mut u8) -> u64 {
    let mut accounts = [const { MaybeUninit::<AccountView>::uninit() }; MAX_ACCOUNTS];
    // SAFETY: every step goes over just what the runtime wrote there.
    unsafe {
        let count = input.cast::<usize>().read();
        let mut at = input.add(size_of::<usize>());
        for place in 0..count {
            let account = at.cast::<RuntimeAccount>();
            // The rent epoch, or what fills the place of a repeated account.
            at = at.add(size_of::<u64>());
            let repeats = (*account).borrow_state;
            let view = if repeats == NON_DUP_MARKER {
                at = at.add(size_of::<RuntimeAccount>() + MAX_PERMITTED_DATA_INCREASE);
                at = at.add(((*account).data_len as usize).next_multiple_of(ALIGNMENT));
                AccountView::new_unchecked(account)
            } else {
                accounts[usize::from(repeats) % MAX_ACCOUNTS].assume_init()
            };
            // Those beyond no instruction takes.
            if let Some(free) = accounts.get_mut(place) {
                free.write(view);
            }
        }
        let length = at.cast::<usize>().read();
        let data = at.add(size_of::<usize>());
        let program = &*data.add(length).cast::<Address>();
        let accounts = from_raw_parts_mut(accounts.as_mut_ptr().cast(), count.min(MAX_ACCOUNTS));
        match process(program, accounts, from_raw_parts(data, length)) {
            Ok(()) => SUCCESS,
            Err(error) => error as u64,
        }
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: the syscall takes nothing and never returns.
    unsafe { pinocchio::syscalls::abort() }
}
