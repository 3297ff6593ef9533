//! Vote keys that sign a transaction together: each must have a seat, and do one thing once.

use crate::Error;
use crate::hash::Hash;
use crate::state::{Epoch, SEATS, Seat};
use pinocchio::AccountView;

pub struct Ballot<'a> {
    pub signers: &'a [AccountView],
    pub brings: Brings<'a>,
    /// The slot in which they are active by this; 0: it is no sign of it.
    pub active_slot: u64,
    /// The seats that have done it already, and what it is to do it again.
    pub done: u64,
    pub again: Error,
}

/// What a seat gets from its signer: lists have one for each, in their order.
pub enum Brings<'a> {
    Nothing,
    Inventories(&'a [Hash]),
    Commits(&'a [Hash]),
}

impl Epoch {
    /// Writes down what the signers bring, and when they were active. Returns `done` and them.
    #[inline(never)]
    pub fn take(&mut self, ballot: &Ballot) -> Result<u64, Error> {
        let mut done = ballot.done;
        for (order, signer) in ballot.signers.iter().enumerate() {
            let place = self.place_of(signer.address())?;
            if done >> place & 1 == 1 {
                return Err(ballot.again);
            }
            done |= 1 << place;
            let seat = &mut self.seats[place % SEATS];
            seat.active_slot = seat.active_slot.max(ballot.active_slot);
            seat.take(&ballot.brings, order)?;
        }
        Ok(done)
    }
}

impl Seat {
    #[inline(always)]
    fn take(&mut self, brings: &Brings, order: usize) -> Result<(), Error> {
        let (slot, values) = match brings {
            Brings::Nothing => return Ok(()),
            Brings::Inventories(values) => (&mut self.inventory, values),
            Brings::Commits(values) => (&mut self.commit, values),
        };
        *slot = *values.get(order).ok_or(Error::WrongWhat)?;
        Ok(())
    }
}
