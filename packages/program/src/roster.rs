//! The roster's entries: ascending by id, as new ids are always the largest.

use crate::Error;
use crate::network::later;
use crate::state::{ACTIVATIONS_PER_EPOCH, Entry, ROSTER_ENTRIES, Roster, Seat, Verifier};
use pinocchio::Address;

/// The exit epoch of who stays.
pub const STAYS: i64 = i64::MAX;
/// The exit epoch of a retired verifier that never had a seat.
pub const NEVER_SEATED: i64 = -1;
/// The epoch of now and the next have their snapshots: seats begin and end in the one after them.
pub const EPOCHS_OF_NOTICE: i64 = 2;

impl Entry {
    /// Whether it has a seat in an epoch's snapshot.
    pub fn seated_in(&self, epoch: i64) -> bool {
        self.from_epoch <= epoch && epoch < self.exit_epoch
    }

    /// Whether it has a seat that weighs from an epoch on, without an end in sight.
    pub fn stays_from(&self, epoch: i64) -> bool {
        self.from_epoch <= epoch && self.exit_epoch == STAYS && self.stake > 0
    }

    /// Whether it has a seat in an epoch, or gets one later. Whose seat ends before it begins never has one.
    fn lasts_beyond(&self, epoch: i64) -> bool {
        self.exit_epoch > epoch && self.exit_epoch > self.from_epoch
    }
}

impl Verifier {
    pub fn check_operator(&self, signer: &Address) -> Result<(), Error> {
        if self.operator == *signer { Ok(()) } else { Err(Error::NotOperator) }
    }
}

impl Roster {
    pub fn entries(&self) -> &[Entry] {
        &self.entries[..(self.count as usize).min(ROSTER_ENTRIES)]
    }

    pub fn entries_mut(&mut self) -> &mut [Entry] {
        &mut self.entries[..(self.count as usize).min(ROSTER_ENTRIES)]
    }

    /// The place of a verifier.
    #[inline(never)]
    pub fn place_of(&self, id: u32) -> Result<usize, Error> {
        self.entries().binary_search_by_key(&id, |entry| entry.id).map_err(|_| Error::NotInRoster)
    }

    /// Takes over when verifiers were last active. Nobody leaves the roster before an epoch of its is sealed.
    pub fn note_activity(&mut self, seats: &[Seat]) -> Result<(), Error> {
        for seat in seats {
            let place = self.place_of(seat.id)?;
            self.entries_mut()[place].active_slot = seat.active_slot;
        }
        Ok(())
    }

    pub fn has_vote_key(&self, key: &Address) -> bool {
        self.entries().iter().any(|entry| entry.vote_key == *key)
    }

    /// Appends an entry with an id larger than all others.
    pub fn push(&mut self, entry: Entry) -> Result<(), Error> {
        let place = self.entries.get_mut(self.count as usize).ok_or(Error::RosterFull)?;
        *place = entry;
        self.count += 1;
        Ok(())
    }

    /// Takes an entry out; the later ones move up.
    pub fn remove(&mut self, place: usize) {
        let count = self.count as usize;
        if place < count && count <= ROSTER_ENTRIES {
            self.entries.copy_within(place + 1..count, place);
            self.count -= 1;
        }
    }

    /// The first epoch from `earliest` on in which another seat may begin.
    pub fn free_activation(&self, earliest: i64) -> i64 {
        let mut epoch = earliest;
        while self.activations_in(epoch) >= ACTIVATIONS_PER_EPOCH {
            epoch = later(epoch, 1);
        }
        epoch
    }

    fn activations_in(&self, epoch: i64) -> usize {
        self.entries().iter().filter(|entry| entry.from_epoch == epoch).count()
    }

    /// How many seats last beyond an epoch's snapshot before it: those of it, and those to come.
    #[inline(never)]
    pub fn seats_from(&self, epoch: i64) -> usize {
        self.entries().iter().filter(|entry| entry.lasts_beyond(epoch)).count()
    }

    /// The smallest stake among them; of equal ones the newest.
    pub fn smallest_from(&mut self, epoch: i64) -> Option<&mut Entry> {
        let staying = self.entries_mut().iter_mut().filter(|entry| entry.lasts_beyond(epoch));
        staying.reduce(|smallest, entry| if entry.stake <= smallest.stake { entry } else { smallest })
    }
}
