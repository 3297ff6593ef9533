//! What the Network account answers.

use crate::Error;
use crate::math::add;
use crate::state::{EPOCH_RING, FinalRoot, KEPT_ROOTS, Network, Params};
use pinocchio::Address;

/// No pending authority: nobody can sign for this address.
pub const NOBODY: Address = Address::new_from_array([0; 32]);

/// Where an epoch's number is kept in a ring of this size; -1 is in the last place.
pub const fn ring(epoch: i64, size: usize) -> usize {
    epoch.rem_euclid(size as i64) as usize
}

/// So many epochs later. Their numbers stay far from the ends of i64, and a checked sum of signed numbers takes
/// ten instructions.
pub const fn later(epoch: i64, count: i64) -> i64 {
    epoch.wrapping_add(count)
}

impl Network {
    #[inline(never)]
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
    #[inline(never)]
    pub fn params_of(&self, epoch: i64) -> &Params {
        if epoch >= self.next_params_from { &self.next_params } else { &self.params }
    }

    /// The parameters that hold in this slot.
    #[inline(never)]
    pub fn params_now(&self, now: u64) -> &Params {
        self.params_of(self.current_epoch(now))
    }

    /// S_e of an epoch from next_seal - 2 to next_seal + 1.
    pub fn start_of(&self, epoch: i64) -> u64 {
        self.starts[ring(epoch, EPOCH_RING)]
    }

    /// The epoch whose work phase runs in this slot; before the start the first one.
    #[inline(never)]
    pub fn current_epoch(&self, now: u64) -> i64 {
        if self.started == 0 {
            return 0;
        }
        let newest = later(self.next_seal, 1);
        if now >= self.start_of(newest) { newest } else { self.next_seal }
    }

    /// Counts a payment under a final root against the window's limit, unless the root is mature: what
    /// was finalised by mistake or malice leaves slowly, and can be seen before it leaves whole.
    #[inline(always)]
    pub fn count_outflow(&mut self, root_slot: u64, amount: u64, now: u64) -> Result<(), Error> {
        let params = self.params_now(now);
        if now.saturating_sub(root_slot) >= u64::from(params.maturity) {
            return Ok(());
        }
        let (limit, window) = (params.outflow_limit, u64::from(params.outflow_window));
        self.check_not_paused(now)?;
        if now.saturating_sub(self.outflow_from) >= window {
            self.outflow_from = now;
            self.outflow = 0;
        }
        self.outflow = add(self.outflow, amount)?;
        if self.outflow > limit { Err(Error::OutflowLimit) } else { Ok(()) }
    }

    /// Whether deposits pay for so much charged, beside what was refunded.
    pub fn covers(&self, charged: u64) -> bool {
        self.totals.deposited.checked_sub(self.totals.refunded).is_some_and(|left| charged <= left)
    }

    pub fn latest_root(&self) -> Result<&FinalRoot, Error> {
        self.root_of(self.last_final)
    }

    #[inline(always)]
    pub fn root_of(&self, epoch: i64) -> Result<&FinalRoot, Error> {
        self.kept_root(epoch).ok_or(Error::RootNotKept)
    }

    /// The final root of an epoch, while it is kept.
    #[inline(never)]
    pub fn kept_root(&self, epoch: i64) -> Option<&FinalRoot> {
        let root = &self.roots[ring(epoch, KEPT_ROOTS)];
        if epoch < 0 || epoch > self.last_final || root.epoch != epoch { None } else { Some(root) }
    }
}
