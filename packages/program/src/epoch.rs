//! What an Epoch account answers, and the steps that several instructions take with it.

use crate::Error;
use crate::events::RoundBegan;
use crate::hash::ZERO;
use crate::math::more_than_two_thirds;
use crate::memory::clear;
use crate::network::{later, ring};
use crate::slots::after;
use crate::state::{EPOCH_RING, Epoch, Network, SEATS, STATE_FINAL, STATE_SEALED, Seat};
use pinocchio::Address;

/// A slot that isn't known yet.
pub const UNKNOWN: u64 = u64::MAX;

impl Epoch {
    pub fn check_number(&self, number: i64) -> Result<(), Error> {
        if self.number == number { Ok(()) } else { Err(Error::WrongEpoch) }
    }

    /// Whether this is the account in which that epoch has its turn.
    pub fn check_turn(&self, number: i64) -> Result<(), Error> {
        if usize::from(self.ring) == ring(number, EPOCH_RING) { Ok(()) } else { Err(Error::WrongEpoch) }
    }

    /// Proposals, votes and disputes are for an epoch that is sealed and not final.
    #[inline(never)]
    pub fn check_sealed(&self) -> Result<(), Error> {
        match self.state {
            STATE_SEALED => Ok(()),
            STATE_FINAL => Err(Error::EpochFinal),
            _ => Err(Error::NotSealed),
        }
    }

    /// What is proposed and made final is the epoch after the last final one.
    #[inline(never)]
    pub fn check_next_final(&self, network: &Network, number: i64) -> Result<(), Error> {
        self.check_number(number)?;
        if number != later(network.last_final, 1) {
            return Err(Error::WrongEpoch);
        }
        self.check_sealed()
    }

    /// Until a candidate is final, what is wrong with it can be shown.
    #[inline(never)]
    pub fn check_disputable(&self, network: &Network) -> Result<(), Error> {
        if self.state == STATE_FINAL {
            return Err(Error::DisputeOver);
        }
        self.check_next_final(network, self.number)?;
        self.check_candidate()
    }

    /// More than 2/3 of stake stand behind the candidate.
    pub fn check_votes(&self) -> Result<(), Error> {
        let enough = more_than_two_thirds(self.stake_voted, self.stake_counted);
        if enough && self.voted_slot != 0 { Ok(()) } else { Err(Error::NoQuorum) }
    }

    #[inline(never)]
    pub fn check_candidate(&self) -> Result<(), Error> {
        if self.candidate.attestation == ZERO { Err(Error::NoCandidate) } else { Ok(()) }
    }

    pub fn seats(&self) -> &[Seat] {
        &self.seats[..(self.seat_count as usize).min(SEATS)]
    }

    pub fn seats_mut(&mut self) -> &mut [Seat] {
        &mut self.seats[..(self.seat_count as usize).min(SEATS)]
    }

    /// The place of the seat that votes with this key.
    #[inline(never)]
    pub fn place_of(&self, vote_key: &Address) -> Result<usize, Error> {
        self.seats().iter().position(|seat| seat.vote_key == *vote_key).ok_or(Error::NotSeated)
    }

    /// The seat of a verifier, if it has one.
    #[inline(never)]
    pub fn place_of_id(&self, id: u32) -> Option<usize> {
        self.seats().binary_search_by_key(&id, |seat| seat.id).ok()
    }

    /// The stake of these seats, without those that were dropped.
    #[inline(never)]
    pub fn stake_of(&self, places: u64) -> u64 {
        let counted = places & !self.dropped_mask;
        let seats = self.seats().iter().enumerate().filter(|(place, _)| counted >> place & 1 == 1);
        // No sum is larger than that of all seats, which fits.
        seats.fold(0, |stake, (_, seat)| stake.wrapping_add(seat.stake))
    }

    /// Until then everybody can post an inventory, whatever the others do.
    #[inline(never)]
    pub fn posts_until(&self) -> u64 {
        after(after(self.ends_at, self.grace), self.inventory)
    }

    /// The first slot of the first round.
    pub fn rounds_from(&self) -> u64 {
        after(self.commit_until(), self.reveal)
    }

    /// Takes over when those of the epoch before were last active; here they may have posted since.
    pub fn note_activity(&mut self, before: &[Seat]) {
        for seat in before {
            if let Some(place) = self.place_of_id(seat.id) {
                let active_slot = &mut self.seats[place].active_slot;
                *active_slot = seat.active_slot.max(*active_slot);
            }
        }
    }

    /// The first slot for report commits.
    pub fn commit_from(&self) -> u64 {
        after(self.sealed_slot, self.challenge)
    }

    /// The first slot after them, and the first slot for reveals.
    pub fn commit_until(&self) -> u64 {
        after(self.commit_from(), self.commit)
    }

    /// Notes when more than 2/3 of stake have posted inventories, and whether that is now.
    #[inline(never)]
    pub fn note_inventories(&mut self, now: u64) -> bool {
        if self.quorum_slot != 0 || !more_than_two_thirds(self.stake_posted, self.stake_counted) {
            return false;
        }
        self.quorum_slot = now;
        self.set_target();
        true
    }

    /// Fixes the slot whose hash makes the seed, once everything that it depends on is known.
    #[inline(never)]
    pub fn set_target(&mut self) {
        if self.quorum_slot == 0 || self.previous_final_slot == 0 || self.target != UNKNOWN {
            return;
        }
        let quorum = after(self.quorum_slot, self.margin);
        self.target = self.posts_until().max(quorum).max(after(self.previous_final_slot, self.margin));
    }

    /// Notes when more than 2/3 of stake have voted, and whether that is now.
    #[inline(never)]
    pub fn note_votes(&mut self, now: u64) -> bool {
        if self.voted_slot != 0 || !more_than_two_thirds(self.stake_voted, self.stake_counted) {
            return false;
        }
        self.voted_slot = now;
        true
    }

    /// Begins the next round: without candidate, without votes.
    #[inline(never)]
    pub fn next_round(&mut self, now: u64) {
        self.round += 1;
        self.round_from = now;
        self.voted_slot = 0;
        self.vote_mask = 0;
        self.stake_voted = 0;
        clear(&mut self.candidate);
    }

    /// The same when it is all that an instruction has to tell.
    #[inline(never)]
    pub fn begin_round(&mut self, now: u64) {
        self.next_round(now);
        RoundBegan { network: &self.network, epoch: self.number, round: self.round, slot: now }.emit();
    }

    /// Takes seats out of this epoch's quorums, and back what they gave to them.
    pub fn drop_seats(&mut self, places: u64) {
        self.dropped_mask |= places;
        self.stake_counted = self.stake_of(u64::MAX);
        self.stake_posted = self.stake_of(self.inventory_mask);
        self.stake_voted = self.stake_of(self.vote_mask);
    }
}
