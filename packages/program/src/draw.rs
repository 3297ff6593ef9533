//! Weights of stake, and draws by them.

use crate::hash::{Hash, sha256};
use crate::state::Seat;
use crate::tags::{self, Tag};

/// A sum of weights is below 2^32.
const WEIGHT_BITS: u32 = u32::BITS;

/// Sets weight = stake >> s, with the smallest s that makes the sum less than 2^32, and returns the sum.
/// `stake` is that of all seats.
pub fn weigh(seats: &mut [Seat], stake: u64) -> u32 {
    let mut shift = 0;
    // As long as the whole is 2^33 or more: rounding every seat down takes off less than 2^32.
    while stake >> shift >> WEIGHT_BITS > 1 {
        shift += 1;
    }
    while weighed(seats, shift) >> WEIGHT_BITS > 0 {
        shift += 1;
    }
    for seat in seats.iter_mut() {
        seat.weight = (seat.stake >> shift) as u32;
    }
    weighed(seats, shift) as u32
}

fn weighed(seats: &[Seat], shift: u32) -> u64 {
    seats.iter().fold(0, |sum: u64, seat| sum.wrapping_add(seat.stake >> shift))
}

/// u64(H(tag, seed, context, k)[0..8])
pub fn number(tag: &Tag, seed: &Hash, context: &[u8], k: u32) -> u64 {
    let hash = sha256(&[tag, seed, context, &k.to_le_bytes()]);
    let [a, b, c, d, e, f, g, h, ..] = hash;
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

/// The first whose running sum of weights exceeds x mod the total; none if nobody has weight.
pub fn pick(x: u64, weights: impl Iterator<Item = u32>, total: u32) -> Option<usize> {
    let mut left = x.checked_rem(u64::from(total))?;
    for (place, weight) in weights.enumerate() {
        match left.checked_sub(u64::from(weight)) {
            Some(rest) => left = rest,
            None => return Some(place),
        }
    }
    None
}

/// The seat whose vote key proposes in this round.
pub fn proposer(seed: &Hash, round: u64, seats: &[Seat], weight_total: u32) -> Option<usize> {
    let x = number(&tags::PROPOSER, seed, &round.to_le_bytes(), 0);
    pick(x, seats.iter().map(|seat| seat.weight), weight_total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::ZERO;
    use pinocchio::Address;

    fn seats<const N: usize>(stakes: [u64; N]) -> [Seat; N] {
        stakes.map(|stake| Seat {
            id: 0,
            weight: 0,
            vote_key: Address::from(ZERO),
            stake,
            active_slot: 0,
            inventory: ZERO,
            commit: ZERO,
        })
    }

    #[test]
    fn weights_are_the_largest_whose_sum_fits() {
        let mut small = seats([1, 2, 3]);
        assert_eq!(weigh(&mut small, 6), 6);
        let mut edge = seats([1 << 31, (1 << 31) - 1]);
        assert_eq!(weigh(&mut edge, u32::MAX.into()), u32::MAX);
        let mut over = seats([1 << 31, 1 << 31]);
        assert_eq!(weigh(&mut over, 1 << 32), 1 << 31);
        assert_eq!(over.map(|seat| seat.weight), [1 << 30, 1 << 30]);
        let mut most = seats([u64::MAX / 64; 64]);
        assert!(weigh(&mut most, u64::MAX / 64 * 64) >= 1 << 31);
    }

    #[test]
    fn picks_by_the_running_sum() {
        let picks: [Option<usize>; 7] = core::array::from_fn(|x| pick(x as u64, [1, 0, 2, 3].into_iter(), 6));
        assert_eq!(picks, [Some(0), Some(2), Some(2), Some(3), Some(3), Some(3), Some(0)]);
        assert_eq!(pick(5, [0, 0].into_iter(), 0), None);
    }
}
