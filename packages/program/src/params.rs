//! The hard bounds of parameters: no authority can set anything outside them.

use crate::Error;
use crate::math::times;
use crate::state::{KEPT_ROOTS, Params};

/// A day of 400 ms slots: an epoch that is longer pays nobody within a day.
pub const MAX_LENGTH: u32 = 216_000;
/// A week: longer is no pause and no window but an end.
pub const MAX_SLOTS: u32 = 7 * MAX_LENGTH;
/// Nine years of five-minute epochs; keeps sums of epochs far from overflow.
pub const MAX_EPOCHS: u32 = 1_000_000;
/// Eight weeks of slots: whoever leaves has its stake back then, whatever the authority sets meanwhile.
pub const MAX_COOLDOWN: u64 = 8 * MAX_SLOTS as u64;
/// Forfeits must not become worth hunting for.
pub const MAX_BOUNTY_BPS: u16 = 1_000;
pub const WHOLE_BPS: u16 = 10_000;
pub const WHOLE_PPM: u32 = 1_000_000;
/// As many as there are seats.
pub const MAX_CHECKERS: u8 = 64;
/// An enrolment is a transaction-sized message; more do not fit an inventory.
pub const MAX_ENROLMENTS: u32 = 65_536;
/// About 2^40 hashes: no honest device waits for more.
pub const MAX_STAMP_BITS: u8 = 40;

impl Params {
    pub fn check(&self) -> Result<(), Error> {
        self.check_phases()?;
        self.check_money()?;
        self.check_epochs()?;
        self.check_shares()?;
        self.check_counts()
    }

    fn phases(&self) -> [u32; 8] {
        [
            self.grace,
            self.inventory,
            self.margin,
            self.challenge,
            self.commit,
            self.reveal,
            self.round,
            self.dispute,
        ]
    }

    #[inline(never)]
    fn check_phases(&self) -> Result<(), Error> {
        let phases = self.phases();
        if self.length == 0 || phases.contains(&0) {
            return Err(Error::PhaseTooShort);
        }
        if self.length > MAX_LENGTH {
            return Err(Error::EpochTooLong);
        }
        let sum: u64 = phases.iter().map(|phase| u64::from(*phase)).sum();
        if sum > u64::from(self.length) {
            return Err(Error::PhasesDontFit);
        }
        // The oldest kept root is at least this many epochs old.
        if u64::from(self.maturity) > (KEPT_ROOTS as u64 - 1) * u64::from(self.length) {
            return Err(Error::MaturityTooLong);
        }
        Ok(())
    }

    fn check_money(&self) -> Result<(), Error> {
        if self.min_deposit == 0 || self.min_stake == 0 {
            return Err(Error::AmountOutOfBounds);
        }
        if self.outflow_limit == 0 || self.outflow_window == 0 || self.outflow_window > MAX_SLOTS {
            return Err(Error::OutflowOutOfBounds);
        }
        if self.max_pause == 0 || self.max_pause > MAX_SLOTS {
            return Err(Error::PauseTooLong);
        }
        Ok(())
    }

    fn check_epochs(&self) -> Result<(), Error> {
        let epochs = [
            self.cooldown_epochs,
            self.inactive_epochs,
            self.evidence_epochs,
            self.carry_epochs,
            self.bar_epochs,
            self.idle_epochs,
            self.judge_epochs,
            self.appeal_epochs,
            self.retain_epochs,
        ];
        if epochs.iter().any(|epochs| *epochs == 0 || *epochs > MAX_EPOCHS) {
            return Err(Error::EpochsOutOfBounds);
        }
        if times(u64::from(self.length), self.cooldown_epochs)? > MAX_COOLDOWN {
            return Err(Error::EpochsOutOfBounds);
        }
        if self.cooldown_epochs < self.evidence_epochs {
            return Err(Error::CooldownTooShort);
        }
        if self.evidence_epochs <= self.carry_epochs {
            return Err(Error::EvidenceTooShort);
        }
        Ok(())
    }

    fn check_shares(&self) -> Result<(), Error> {
        let shares = [
            self.verifier_bps,
            self.settle_bps,
            self.max_slash_bps,
            self.slash_reveals_bps,
            self.slash_trace_bps,
            self.slash_evidence_bps,
        ];
        let in_bounds = shares.iter().all(|share| *share <= WHOLE_BPS)
            && self.bounty_bps <= MAX_BOUNTY_BPS
            && (1..=WHOLE_PPM).contains(&self.rate_ppm);
        if in_bounds { Ok(()) } else { Err(Error::ShareOutOfBounds) }
    }

    fn check_counts(&self) -> Result<(), Error> {
        let in_bounds = (1..=MAX_CHECKERS).contains(&self.checkers)
            && (1..=MAX_ENROLMENTS).contains(&self.max_enrolments)
            && self.trial_rows > 0
            && self.stamp_bits <= MAX_STAMP_BITS;
        if in_bounds { Ok(()) } else { Err(Error::CountOutOfBounds) }
    }
}
