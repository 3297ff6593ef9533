//! What the compiler calls to compare bytes. Its own goes byte by byte: 250 compute units for two addresses,
//! where the runtime does it for ten.

/// # Safety
/// As C's: both point to `count` bytes.
#[inline(never)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memcmp(left: *const u8, right: *const u8, count: usize) -> i32 {
    let mut order = 0;
    // SAFETY: as the caller promises.
    unsafe { pinocchio::syscalls::sol_memcmp_(left, right, count as u64, &mut order) };
    order
}
