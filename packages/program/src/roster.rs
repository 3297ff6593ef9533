//! The roster's entries: ascending by id, as new ids are always the largest.

use crate::Error;
use crate::state::{ACTIVATIONS_PER_EPOCH, Entry, ROSTER_ENTRIES, Roster};
use pinocchio::Address;

/// The exit epoch of who stays.
pub const STAYS: i64 = i64::MAX;

impl Entry {
    /// Whether it has a seat in an epoch's snapshot.
    pub fn seated_in(&self, epoch: i64) -> bool {
        self.from_epoch <= epoch && epoch < self.exit_epoch
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
    pub fn place_of(&self, id: u32) -> Result<usize, Error> {
        self.entries().binary_search_by_key(&id, |entry| entry.id).map_err(|_| Error::NotInRoster)
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
    pub fn remove(&mut self, place: usize) -> Option<Entry> {
        let entry = *self.entries().get(place)?;
        let count = self.count as usize;
        self.entries.copy_within(place + 1..count, place);
        self.count -= 1;
        Some(entry)
    }

    /// The first epoch from `earliest` on in which another seat may begin.
    pub fn free_activation(&self, earliest: i64) -> i64 {
        let mut epoch = earliest;
        while self.activations_in(epoch) >= ACTIVATIONS_PER_EPOCH {
            epoch += 1;
        }
        epoch
    }

    fn activations_in(&self, epoch: i64) -> usize {
        self.entries().iter().filter(|entry| entry.from_epoch == epoch).count()
    }

    /// How many seats last beyond an epoch's snapshot before it: those of it, and those to come.
    pub fn seats_from(&self, epoch: i64) -> usize {
        self.entries().iter().filter(|entry| entry.exit_epoch > epoch).count()
    }

    /// The place of the smallest stake among them; of equal ones the newest.
    pub fn smallest_from(&self, epoch: i64) -> Option<usize> {
        let entries = self.entries().iter().enumerate();
        let staying = entries.filter(|(_, entry)| entry.exit_epoch > epoch);
        staying.rev().min_by_key(|(_, entry)| entry.stake).map(|(place, _)| place)
    }
}
