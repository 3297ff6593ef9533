//! Time: the current slot, and the hashes of recent ones.

use crate::Error;
use crate::hash::{Hash, ZERO};
use pinocchio::sysvars::Sysvar;
use pinocchio::sysvars::clock::Clock;
use pinocchio::sysvars::get_sysvar;
use pinocchio::sysvars::slot_hashes::SLOTHASHES_ID;

/// What the cluster keeps, newest first: their count, then slot and hash of each.
const MAX_ENTRIES: u64 = 512;
const COUNT_BYTES: u32 = 8;
const SLOT_BYTES: u32 = 8;
const ENTRY_BYTES: u32 = 40;

#[inline(always)]
pub fn now() -> Result<u64, Error> {
    Ok(current())
}

/// One place for all instructions. There is always a clock.
#[inline(never)]
fn current() -> u64 {
    Clock::get().map_or(0, |clock| clock.slot)
}

/// So many slots later. One that isn't known stays so.
#[inline(never)]
pub fn after(slot: u64, count: u32) -> u64 {
    slot.saturating_add(u64::from(count))
}

/// Where an entry of the list begins.
fn offset(place: u64) -> u32 {
    COUNT_BYTES + ENTRY_BYTES * place as u32 // below 512: a product of 64 bits doesn't link
}

/// The slot at a place of the list; past its end, where the bytes are zero, 0.
#[inline(never)]
fn slot_at(place: u64) -> u64 {
    let mut bytes = [0; SLOT_BYTES as usize];
    match get_sysvar(&mut bytes, &SLOTHASHES_ID, offset(place) as usize) {
        Ok(()) => u64::from_le_bytes(bytes),
        Err(_) => 0,
    }
}

#[inline(never)]
fn hash_at(place: u64, hash: &mut Hash) -> Result<(), Error> {
    let offset = offset(place) + SLOT_BYTES;
    get_sysvar(hash, &SLOTHASHES_ID, offset as usize).map_err(|_| Error::NoSlotHash)
}

pub fn newest_hash() -> Result<Hash, Error> {
    let mut hash = ZERO;
    hash_at(0, &mut hash)?;
    if hash == ZERO { Err(Error::NoSlotHash) } else { Ok(hash) }
}

/// The hash of the first entry at or after a slot that has passed; none when it can't be read any more.
pub fn first_hash_from(target: u64) -> Result<Option<Hash>, Error> {
    let Some(place) = first_from(target, slot_at)? else {
        return Ok(None);
    };
    let mut hash = ZERO;
    hash_at(place, &mut hash)?;
    Ok(Some(hash))
}

/// Slots fall by at least one from place to place, so the entry is no further than newest - target.
fn first_from(target: u64, slot_at: impl Fn(u64) -> u64) -> Result<Option<u64>, Error> {
    let mut found = slot_at(0);
    if found == 0 {
        return Err(Error::NoSlotHash);
    }
    let distance = found.checked_sub(target).ok_or(Error::SealTooEarly)?;
    // `found` is at `low`; nothing after `high` is at or after the target.
    let (mut low, mut high) = (0, distance.min(MAX_ENTRIES - 1));
    let mut place = high;
    let mut earlier_seen = false; // the entry after `high` is there, and before the target
    while low < high {
        let slot = slot_at(place);
        if slot >= target {
            (found, low) = (slot, place);
        } else {
            (earlier_seen, high) = (slot != 0, place - 1);
        }
        place = low + (high - low).div_ceil(2);
    }
    Ok(if earlier_seen || found == target { Some(low) } else { None })
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::vec::Vec;

    /// Newest first; slots that are multiples of `skip` are missing.
    fn lookup(newest: u64, count: u64, skip: u64, target: u64) -> Result<Option<u64>, Error> {
        let slots: Vec<u64> =
            (1..=newest).rev().filter(|slot| slot % skip != 0).take(count as usize).collect();
        let slot_at = |place: u64| slots.get(place as usize).copied().unwrap_or(0);
        first_from(target, slot_at).map(|place| place.map(slot_at))
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

    #[test]
    fn an_empty_list_has_none() {
        assert_eq!(lookup(0, 512, 1000, 1), Err(Error::NoSlotHash));
    }
}
