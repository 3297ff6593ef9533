//! Checked arithmetic. u64 products go by u128 of 32-bit parts: a full 128-bit multiplication does not link.

use crate::Error;

/// As `checked_add`, in half the instructions.
#[inline(always)]
pub fn add(a: u64, b: u64) -> Result<u64, Error> {
    if b > !a { Err(Error::Overflow) } else { Ok(a.wrapping_add(b)) }
}

#[inline(always)]
pub fn sub(a: u64, b: u64) -> Result<u64, Error> {
    if a < b { Err(Error::Overflow) } else { Ok(a - b) }
}

/// The product of a number and a small factor.
#[inline(never)]
pub fn times(a: u64, factor: u32) -> Result<u64, Error> {
    let low = (a & u64::from(u32::MAX)) * u64::from(factor);
    let high = (a >> 32) * u64::from(factor) + (low >> 32);
    if high >> 32 != 0 {
        return Err(Error::Overflow);
    }
    Ok(high << 32 | (low & u64::from(u32::MAX)))
}

/// floor(amount * bps / 10^4), for at most 10^4: splits the amount, so that nothing overflows.
#[inline(never)]
pub fn share(amount: u64, bps: u16) -> u64 {
    const WHOLE: u64 = 10_000;
    let bps = u64::from(bps).min(WHOLE);
    amount / WHOLE * bps + amount % WHOLE * bps / WHOLE
}

/// 3 * part > 2 * whole, strictly, without overflow.
pub fn more_than_two_thirds(part: u64, whole: u64) -> bool {
    let missing = whole.saturating_sub(part);
    part > missing && part - missing > missing
}

/// 3 * part > whole, strictly, without overflow.
pub fn more_than_one_third(part: u64, whole: u64) -> bool {
    let missing = whole.saturating_sub(part);
    part > missing || part > missing - part
}

/// 10 * new >= 11 * old: what displaces the smallest stake.
pub fn displaces(new: u64, old: u64) -> bool {
    // new - old >= old / 10, rounded up
    new >= old && new - old >= old.div_ceil(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBERS: [u64; 12] =
        [0, 1, 2, 3, 9, 10, 11, 0xffff_ffff, 0x1_0000_0000, u64::MAX / 3, u64::MAX - 1, u64::MAX];

    #[test]
    fn agrees_with_wide_arithmetic() {
        for a in NUMBERS {
            for b in NUMBERS {
                let (wide_a, wide_b) = (u128::from(a), u128::from(b));
                assert_eq!(
                    more_than_two_thirds(a, b),
                    3 * wide_a > 2 * wide_b && a <= b || a > b && a > 0,
                    "{a} {b}"
                );
                assert_eq!(more_than_one_third(a, b), 3 * wide_a > wide_b, "{a} {b}");
                assert_eq!(displaces(a, b), 10 * wide_a >= 11 * wide_b, "{a} {b}");
                let factor = (b & 0xffff_ffff) as u32;
                assert_eq!(times(a, factor).ok(), u64::try_from(wide_a * u128::from(factor)).ok());
                let bps = (b % 10_001) as u16;
                assert_eq!(u128::from(share(a, bps)), wide_a * u128::from(bps) / 10_000);
            }
        }
    }
}
