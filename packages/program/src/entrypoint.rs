use crate::instructions::process;

/// More accounts than any instruction takes, few enough for a small stack frame.
const MAX_ACCOUNTS: usize = 24;

pinocchio::program_entrypoint!(process, { MAX_ACCOUNTS });

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: the syscall takes nothing and never returns.
    unsafe { pinocchio::syscalls::abort() }
}
