//! Comparing, moving and clearing bytes by the runtime. The compiler's own functions go byte by byte (250
//! compute units to compare two addresses, where the runtime takes ten), or are spelled out at every use.

/// Integers, and structs of integers, bytes and addresses.
///
/// # Safety
/// Any bytes, zeros among them, are a valid value.
pub unsafe trait Plain: Copy {}

pub fn copy<T: Plain>(to: &mut T, from: &T) {
    // SAFETY: two places of a T's size; neither has a destructor.
    unsafe { bytes::copy((&raw mut *to).cast(), (&raw const *from).cast(), size_of::<T>()) };
}

/// From anywhere in instruction data.
///
/// # Safety
/// A T's bytes are at `from`, aligned or not.
#[inline(always)]
pub unsafe fn read<T: Plain>(from: *const u8) -> T {
    let mut value = core::mem::MaybeUninit::<T>::uninit();
    // SAFETY: as the caller promises; any bytes are a valid T.
    unsafe {
        bytes::copy(value.as_mut_ptr().cast(), from, size_of::<T>());
        value.assume_init()
    }
}

pub fn clear<T: Plain>(value: &mut T) {
    // SAFETY: zeros are a valid T.
    unsafe { bytes::clear((&raw mut *value).cast(), size_of::<T>()) };
}

#[cfg(target_arch = "bpf")]
mod bytes {
    use pinocchio::syscalls::{sol_memcmp_, sol_memcpy_, sol_memmove_, sol_memset_};

    #[inline(never)]
    pub unsafe fn copy(to: *mut u8, from: *const u8, count: usize) {
        unsafe { sol_memcpy_(to, from, count as u64) };
    }

    #[inline(never)]
    pub unsafe fn clear(at: *mut u8, count: usize) {
        unsafe { sol_memset_(at, 0, count as u64) };
    }

    /// # Safety
    /// As C's: both point to `count` bytes.
    #[inline(never)]
    #[unsafe(no_mangle)]
    unsafe extern "C" fn memcmp(left: *const u8, right: *const u8, count: usize) -> i32 {
        let mut order = 0;
        // SAFETY: as the caller promises.
        unsafe { sol_memcmp_(left, right, count as u64, &mut order) };
        order
    }

    /// # Safety
    /// As C's: both point to `count` bytes.
    #[inline(never)]
    #[unsafe(no_mangle)]
    unsafe extern "C" fn memmove(to: *mut u8, from: *const u8, count: usize) -> *mut u8 {
        // SAFETY: as the caller promises.
        unsafe { sol_memmove_(to, from, count as u64) };
        to
    }
}

#[cfg(not(target_arch = "bpf"))]
mod bytes {
    pub unsafe fn copy(to: *mut u8, from: *const u8, count: usize) {
        unsafe { to.copy_from_nonoverlapping(from, count) };
    }

    pub unsafe fn clear(at: *mut u8, count: usize) {
        unsafe { at.write_bytes(0, count) };
    }
}
