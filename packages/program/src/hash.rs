//! SHA-256 over parts: the syscall on chain, the same function off it.

pub type Hash = [u8; 32];

pub const ZERO: Hash = [0; 32];

#[inline(never)]
pub fn sha256(parts: &[&[u8]]) -> Hash {
    let mut result = ZERO;
    sha256_into(parts, &mut result);
    result
}

/// For the levels of a proof, where each unit counts.
#[cfg(target_arch = "bpf")]
#[inline(always)]
pub fn sha256_into(parts: &[&[u8]], result: &mut Hash) {
    // SAFETY: the syscall reads a slice of slices and fills all 32 bytes, or aborts.
    unsafe {
        pinocchio::syscalls::sol_sha256(
            parts.as_ptr().cast(),
            parts.len() as u64,
            result.as_mut_ptr().cast(),
        );
    }
}

#[cfg(not(target_arch = "bpf"))]
pub fn sha256_into(parts: &[&[u8]], result: &mut Hash) {
    use sha2::Digest;
    let mut hasher = sha2::Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    result.copy_from_slice(&hasher.finalize());
}
