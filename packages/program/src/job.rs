//! Who holds a job's spec and inputs, and when that is enough to open it.

use crate::Error;
use crate::math::more_than_one_third;
use crate::state::{Epoch, Job, SEATS};

impl Job {
    pub fn check_unopened(&self) -> Result<(), Error> {
        if self.close_slot != 0 {
            return Err(Error::JobClosed);
        }
        if self.open_slot != 0 { Err(Error::JobOpen) } else { Ok(()) }
    }

    pub fn holders(&self) -> &[u32] {
        &self.holders[..(self.holder_count as usize).min(SEATS)]
    }

    /// Adds a verifier that has a seat in this epoch. In a full list one without a seat makes room:
    /// there is one, as there are no more seats than places, and the newcomer has one of them.
    #[inline(never)]
    pub fn add_holder(&mut self, id: u32, epoch: &Epoch) -> Result<(), Error> {
        if self.holders().iter().any(|holder| *holder == id) {
            return Err(Error::AlreadyPosted);
        }
        let gone = || self.holders().iter().position(|holder| epoch.place_of_id(*holder).is_none());
        let count = self.holder_count as usize;
        let place = if count < SEATS { count } else { gone().ok_or(Error::TooManyHolders)? };
        self.holders[place] = id;
        self.holder_count = self.holder_count.max(place as u32 + 1);
        Ok(())
    }

    /// Opens the job when verifiers with more than 1/3 of the epoch's stake hold it.
    pub fn open_if_held(&mut self, epoch: &Epoch, now: u64) -> bool {
        let seated = self.holders().iter().filter_map(|id| epoch.place_of_id(*id));
        let held = epoch.stake_of(seated.fold(0, |places, place| places | 1 << place));
        if more_than_one_third(held, epoch.stake_counted) {
            self.open_slot = now;
        }
        self.open_slot == now
    }
}
