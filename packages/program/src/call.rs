//! Calls of the system and token programs. One function makes them all: the ready-made builders are spelled
//! out wherever they are used, and took a tenth of the program.

use core::mem::MaybeUninit;
use core::slice::from_raw_parts;
use pinocchio::cpi::{CpiAccount, Seed, Signer, invoke_signed_unchecked};
use pinocchio::instruction::{InstructionAccount, InstructionView};
use pinocchio::{AccountView, Address};

/// No call here has more accounts.
const MAX_ACCOUNTS: usize = 3;
/// The longest list of seeds (a dispute's), and the bump.
pub const MAX_SEEDS: usize = 7;

/// What the called program may do with an account.
#[derive(Clone, Copy, PartialEq)]
pub enum Right {
    Read,
    Write,
    /// It is somebody's signature, and nothing is written.
    Sign,
    WriteAndSign,
}

pub struct Call<'a> {
    pub program: &'a Address,
    pub accounts: &'a [(&'a AccountView, Right)],
    pub data: &'a [u8],
    /// With the bump, of an address of this program that signs; none: the transaction's signers do.
    pub seeds: &'a [&'a [u8]],
}

impl Call<'_> {
    /// A call that fails never comes back.
    #[inline(never)]
    pub fn invoke(&self) {
        let mut views = [const { MaybeUninit::<CpiAccount>::uninit() }; MAX_ACCOUNTS];
        let mut metas = [const { MaybeUninit::<InstructionAccount>::uninit() }; MAX_ACCOUNTS];
        let count = self.accounts.len().min(MAX_ACCOUNTS);
        for ((view, meta), (account, right)) in views.iter_mut().zip(&mut metas).zip(self.accounts) {
            let writes = matches!(right, Right::Write | Right::WriteAndSign);
            let signs = matches!(right, Right::Sign | Right::WriteAndSign);
            CpiAccount::init_from_account_view(account, view);
            meta.write(InstructionAccount::new(account.address(), writes, signs));
        }
        let mut seeds = [const { MaybeUninit::<Seed>::uninit() }; MAX_SEEDS];
        let seed_count = self.seeds.len().min(MAX_SEEDS);
        for (place, seed) in seeds.iter_mut().zip(self.seeds) {
            place.write(Seed::from(*seed));
        }
        // SAFETY: as many are written as are read. What a called program changes is no account that this
        // program has opened: those of its own nobody else can change, and it keeps none of the others.
        unsafe {
            let accounts = from_raw_parts(metas.as_ptr().cast(), count);
            let signer = Signer::from(from_raw_parts(seeds.as_ptr().cast::<Seed>(), seed_count));
            let signers = from_raw_parts(&raw const signer, usize::from(seed_count > 0));
            let instruction = InstructionView { program_id: self.program, data: self.data, accounts };
            invoke_signed_unchecked(&instruction, from_raw_parts(views.as_ptr().cast(), count), signers);
        }
    }
}
