//! Time: the current slot, and the hashes of recent ones.

use crate::Error;
use crate::hash::Hash;
use pinocchio::sysvars::Sysvar;
use pinocchio::sysvars::clock::Clock;
use pinocchio::sysvars::get_sysvar;
use pinocchio::sysvars::slot_hashes::SLOTHASHES_ID;

/// What the cluster keeps.
const MAX_ENTRIES: u64 = 512;

pub struct SlotHash {
    pub slot: u64,
    pub hash: Hash,
}

#[inline(always)]
pub fn now() -> Result<u64, Error> {
    Ok(Clock::get()?.slot)
}

/// The entry at a place of the list, newest first; none past its end, where the bytes are zero.
fn entry(place: u64) -> Result<Option<SlotHash>, Error> {
    let mut bytes = [0u8; 40];
    let offset = 8 + 40 * place as usize;
    get_sysvar(&mut bytes, &SLOTHASHES_ID, offset).map_err(|_| Error::NoSlotHash)?;
    let (slot, hash) = bytes.split_at(8);
    let slot = u64::from_le_bytes(slot.try_into().map_err(|_| Error::NoSlotHash)?);
    let hash = hash.try_into().map_err(|_| Error::NoSlotHash)?;
    Ok(if slot == 0 { None } else { Some(SlotHash { slot, hash }) })
}

pub fn newest_hash() -> Result<SlotHash, Error> {
    entry(0)?.ok_or(Error::NoSlotHash)
}

/// The first entry at or after a slot that has passed; none when it can't be read any more.
pub fn first_hash_from(target: u64) -> Result<Option<SlotHash>, Error> {
    first_from(target, entry)
}

/// Slots fall by at least one from place to place, so the entry is no further than newest - target.
fn first_from(
    target: u64,
    entry: impl Fn(u64) -> Result<Option<SlotHash>, Error>,
) -> Result<Option<SlotHash>, Error> {
    let mut found = entry(0)?.ok_or(Error::NoSlotHash)?;
    let distance = found.slot.checked_sub(target).ok_or(Error::SealTooEarly)?;
    // `found` is at `low`; nothing after `high` is at or after the target.
    let (mut low, mut high) = (0, distance.min(MAX_ENTRIES - 1));
    let mut place = high;
    let mut earlier_seen = false; // the entry after `high` is there, and before the target
    while low < high {
        match entry(place)? {
            Some(hash) if hash.slot == target => return Ok(Some(hash)),
            Some(hash) if hash.slot > target => (found, low) = (hash, place),
            other => (earlier_seen, high) = (other.is_some(), place - 1),
        }
        place = low + (high - low).div_ceil(2);
    }
    Ok(if earlier_seen || found.slot == target { Some(found) } else { None })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Newest first; slots that are multiples of `skip` are missing.
    fn lookup(newest: u64, count: u64, skip: u64, target: u64) -> Result<Option<u64>, Error> {
        let slot_at = |place: u64| (1..=newest).rev().filter(|slot| slot % skip != 0).nth(place as usize);
        let entry = |place: u64| {
            let slot = if place < count { slot_at(place) } else { None };
            Ok(slot.map(|slot| SlotHash { slot, hash: [slot as u8; 32] }))
        };
        first_from(target, entry).map(|found| found.map(|one| one.slot))
    }

    #[test]
    fn finds_the_first_at_or_after_the_target() {
        for skip in [2, 3, 7, 1000] {
            for target in 400..899 {
                let expected = if target % skip == 0 { target + 1 } else { target };
                assert_eq!(lookup(899, 512, skip, target), Ok(Some(expected)), "skip {skip} target {target}");
            }
        }
    }

    #[test]
    fn a_lost_entry_is_not_replaced_by_a_later_one() {
        assert_eq!(lookup(899, 512, 1000, 387), Ok(None));
        assert_eq!(lookup(899, 512, 1000, 388), Ok(Some(388)));
        assert_eq!(lookup(899, 10, 1000, 880), Ok(None));
        assert_eq!(lookup(899, 1, 1000, 899), Ok(Some(899)));
    }

    #[test]
    fn a_target_to_come_is_too_early() {
        assert_eq!(lookup(899, 512, 1000, 900), Err(Error::SealTooEarly));
    }
}
