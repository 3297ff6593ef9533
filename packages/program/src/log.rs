//! Log lines for indexers: one an instruction, at most 200 bytes.

/// Puts a field's bytes at its place in the line.
#[inline(always)]
pub fn put<const AT: usize, const SIZE: usize, const N: usize>(line: &mut [u8; SIZE], bytes: &[u8; N]) {
    const { assert!(AT + N <= SIZE) };
    line[AT..AT + N].copy_from_slice(bytes);
}

#[cfg(target_arch = "bpf")]
#[inline(never)]
pub fn log(line: &[u8]) {
    let fields = [line];
    // SAFETY: a slice of slices is what the syscall reads, and both live through the call.
    unsafe { pinocchio::syscalls::sol_log_data(fields.as_ptr().cast(), fields.len() as u64) };
}

/// There is no log outside the chain.
#[cfg(not(target_arch = "bpf"))]
pub fn log(_: &[u8]) {}
