//! Reads instruction arguments where they lie: the length is checked once, offsets by the compiler.

use crate::Error;
use crate::memory::{self, Plain};
use pinocchio::Address;

#[inline(always)]
pub fn of_size<const SIZE: usize>(data: &[u8]) -> Result<&[u8; SIZE], Error> {
    data.try_into().map_err(|_| Error::WrongData)
}

/// Fixed arguments, and then hashes to the end.
#[inline(always)]
pub fn with_list<const SIZE: usize>(data: &[u8]) -> Result<(&[u8; SIZE], &[[u8; 32]]), Error> {
    let (fixed, list) = data.split_first_chunk::<SIZE>().ok_or(Error::WrongData)?;
    let (hashes, left) = list.as_chunks::<32>();
    if !left.is_empty() {
        return Err(Error::WrongData);
    }
    Ok((fixed, hashes))
}

#[inline(always)]
pub fn struct_at<T: Plain, const AT: usize, const SIZE: usize>(fixed: &[u8; SIZE]) -> T {
    const { assert!(AT + size_of::<T>() <= SIZE) };
    // SAFETY: within bounds as asserted.
    unsafe { memory::read(fixed.as_ptr().add(AT)) }
}

/// For integers.
#[inline(always)]
pub fn value_at<T: Copy, const AT: usize, const SIZE: usize>(fixed: &[u8; SIZE]) -> T {
    const { assert!(AT + size_of::<T>() <= SIZE) };
    // SAFETY: within bounds as asserted; any bytes are a valid T.
    unsafe { fixed.as_ptr().add(AT).cast::<T>().read_unaligned() }
}

#[inline(always)]
pub fn bytes_at<const AT: usize, const SIZE: usize>(fixed: &[u8; SIZE]) -> &[u8; 32] {
    const { assert!(AT + 32 <= SIZE) };
    // SAFETY: within bounds as asserted; bytes have no alignment.
    unsafe { &*fixed.as_ptr().add(AT).cast() }
}

#[inline(always)]
pub fn address_at<const AT: usize, const SIZE: usize>(fixed: &[u8; SIZE]) -> &Address {
    // SAFETY: Address is a transparent [u8; 32].
    unsafe { &*core::ptr::from_ref(bytes_at::<AT, SIZE>(fixed)).cast() }
}
