//! What the Network account answers.

use crate::Error;
use crate::state::{EPOCH_RING, FinalRoot, KEPT_ROOTS, Network, Params};
use pinocchio::Address;

/// Where an epoch's number is kept in a ring of this size; -1 is in the last place.
pub const fn ring(epoch: i64, size: usize) -> usize {
    epoch.rem_euclid(size as i64) as usize
}

impl Network {
    pub fn check_authority(&self, signer: &Address) -> Result<(), Error> {
        if *signer == self.authority { Ok(()) } else { Err(Error::NotAuthority) }
    }

    pub fn check_started(&self) -> Result<(), Error> {
        if self.started == 1 { Ok(()) } else { Err(Error::NotStarted) }
    }

    pub fn check_not_paused(&self, now: u64) -> Result<(), Error> {
        if now >= self.pause_until { Ok(()) } else { Err(Error::Paused) }
    }

    /// The parameters that hold for an epoch.
    pub fn params_of(&self, epoch: i64) -> &Params {
        if epoch >= self.next_params_from { &self.next_params } else { &self.params }
    }

    /// S_e of an epoch from next_seal - 2 to next_seal + 1.
    pub fn start_of(&self, epoch: i64) -> u64 {
        self.starts[ring(epoch, EPOCH_RING)]
    }

    /// The epoch whose work phase runs in this slot, once started.
    pub fn current_epoch(&self, now: u64) -> i64 {
        let newest = self.next_seal + 1;
        if now >= self.start_of(newest) { newest } else { self.next_seal }
    }

    pub fn latest_root(&self) -> Result<&FinalRoot, Error> {
        self.root_of(self.last_final)
    }

    /// The final root of an epoch, while it is kept.
    pub fn root_of(&self, epoch: i64) -> Result<&FinalRoot, Error> {
        let root = &self.roots[ring(epoch, KEPT_ROOTS)];
        if epoch < 0 || epoch > self.last_final || root.epoch != epoch {
            return Err(Error::RootNotKept);
        }
        Ok(root)
    }
}
