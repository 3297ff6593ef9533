//! Weights of stake, and draws by them.

use crate::hash::{Hash, sha256};
use crate::state::Seat;
use crate::tags::{self, Tag};

/// A sum of weights has at most this many bits.
const WEIGHT_BITS: u32 = u32::BITS;

/// Sets weight = stake >> s, with the smallest s that makes the sum less than 2^32, and returns the sum.
pub fn weigh(seats: &mut [Seat]) -> u32 {
    let stake = seats.iter().fold(0u64, |sum, seat| sum.saturating_add(seat.stake));
    // With a smaller s the whole is 2^33 or more, and rounding every seat down takes off less than 2^32.
    let least = (u64::BITS - stake.leading_zeros()).saturating_sub(WEIGHT_BITS + 1);
    for shift in least..u64::BITS {
        if let Some(total) = weighed(seats, shift) {
            for seat in seats.iter_mut() {
                seat.weight = (seat.stake >> shift) as u32;
            }
            return total;
        }
    }
    0 // never: 64 stakes >> 63 sum to at most 64
}

fn weighed(seats: &[Seat], shift: u32) -> Option<u32> {
    seats.iter().try_fold(0u32, |sum, seat| sum.checked_add(u32::try_from(seat.stake >> shift).ok()?))
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
        assert_eq!(weigh(&mut small), 6);
        let mut edge = seats([1 << 31, (1 << 31) - 1]);
        assert_eq!(weigh(&mut edge), u32::MAX);
        let mut over = seats([1 << 31, 1 << 31]);
        assert_eq!(weigh(&mut over), 1 << 31);
        assert_eq!(over.map(|seat| seat.weight), [1 << 30, 1 << 30]);
        let mut most = seats([u64::MAX; 64]);
        assert!(weigh(&mut most) >= 1 << 31);
    }

    #[test]
    fn picks_by_the_running_sum() {
        let picks: [Option<usize>; 7] = core::array::from_fn(|x| pick(x as u64, [1, 0, 2, 3].into_iter(), 6));
        assert_eq!(picks, [Some(0), Some(2), Some(2), Some(3), Some(3), Some(3), Some(0)]);
        assert_eq!(pick(5, [0, 0].into_iter(), 0), None);
    }
}
