//! An epoch's seats: taken from the roster when the epoch before is sealed.

use crate::Error;
use crate::draw::weigh;
use crate::epoch::UNKNOWN;
use crate::hash::ZERO;
use crate::math::add;
use crate::memory::clear;
use crate::state::{Entry, Epoch, Params, Roster, STATE_OPEN};

pub struct Opening<'a> {
    pub number: i64,
    pub starts_at: u64,
    pub ends_at: u64,
    pub params: &'a Params,
}

impl Epoch {
    /// Begins an epoch in this account, with the seats of its snapshot. What was here before is final.
    pub fn open(&mut self, opening: &Opening, roster: &Roster) -> Result<(), Error> {
        let params = opening.params;
        self.state = STATE_OPEN;
        self.number = opening.number;
        self.starts_at = opening.starts_at;
        self.ends_at = opening.ends_at;
        self.grace = params.grace;
        self.inventory = params.inventory;
        self.margin = params.margin;
        self.challenge = params.challenge;
        self.commit = params.commit;
        self.reveal = params.reveal;
        self.round_slots = params.round;
        self.dispute = params.dispute;
        self.clear();
        self.seat(roster)
    }

    fn clear(&mut self) {
        self.previous_final_slot = 0;
        self.quorum_slot = 0;
        self.target = UNKNOWN;
        self.sealed_slot = 0;
        self.seed = ZERO;
        self.stake_posted = 0;
        self.stake_voted = 0;
        self.inventory_mask = 0;
        self.commit_mask = 0;
        self.vote_mask = 0;
        self.dropped_mask = 0;
        self.round = 0;
        self.round_from = 0;
        self.voted_slot = 0;
        clear(&mut self.candidate);
    }

    /// Joining sees to it that never more have a seat than there are.
    fn seat(&mut self, roster: &Roster) -> Result<(), Error> {
        let (number, ends_at) = (self.number, self.ends_at);
        let seated = roster.entries().iter().filter(|entry| entry.seated_in(number));
        let mut count = 0;
        let mut stake = 0;
        for (seat, entry) in self.seats.iter_mut().zip(seated) {
            seat.id = entry.id;
            seat.vote_key = entry.vote_key;
            seat.stake = entry.stake;
            seat.active_slot = active_slot(entry, number, ends_at);
            stake = add(stake, entry.stake)?;
            count += 1;
        }
        self.seat_count = count;
        self.stake_total = stake;
        self.stake_counted = stake;
        self.weight_total = weigh(self.seats_mut(), stake);
        Ok(())
    }
}

/// Who is new had nothing to do before its first epoch's end.
fn active_slot(entry: &Entry, number: i64, ends_at: u64) -> u64 {
    if entry.from_epoch == number { entry.active_slot.max(ends_at) } else { entry.active_slot }
}
