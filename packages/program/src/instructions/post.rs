use crate::Error;
use crate::account::{open_mut, open_mut_in};
use crate::ballot::{Ballot, Brings};
use crate::events::Posted;
use crate::generated::instructions::{PostAccounts, PostArgs};
use crate::hash::Hash;
use crate::slots;
use crate::state::{Epoch, Job, POST_COMMIT, POST_HOLDING, POST_INVENTORY, STATE_FINAL, STATE_OPEN};
use pinocchio::{AccountView, Address};

/// In the log line of a post that is about no job. No job has this index.
const NO_JOB: u32 = u32::MAX;

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let PostAccounts { epoch, job, voters } = PostAccounts::parse(program, accounts)?;
    let args = PostArgs::parse(data)?;
    let epoch = open_mut::<Epoch>(program, epoch)?;
    epoch.check_number(args.number)?;
    let (network, number) = (epoch.network, epoch.number);
    let post = Post { signers: voters, values: args.values, now: slots::now()? };
    let (seats, reached, job) = match (args.what, job) {
        (POST_INVENTORY, None) => (post.inventories(epoch)?, epoch.note_inventories(post.now), NO_JOB),
        (POST_COMMIT, None) => (post.commits(epoch)?, false, NO_JOB),
        (POST_HOLDING, Some(job)) => {
            let job = open_mut_in::<Job>(program, &network, job)?;
            (post.holdings(epoch, job)?, job.open_if_held(epoch, post.now), job.index)
        }
        _ => return Err(Error::WrongWhat),
    };
    Posted { network: &network, epoch: number, what: args.what, seats, job, reached: u8::from(reached) }
        .emit();
    Ok(())
}

struct Post<'a> {
    signers: &'a [AccountView],
    /// One a signer, but none for holdings.
    values: &'a [Hash],
    now: u64,
}

/// Each returns the seats of the signers.
impl Post<'_> {
    fn inventories(&self, epoch: &mut Epoch) -> Result<u64, Error> {
        if epoch.state == STATE_FINAL {
            return Err(Error::EpochFinal);
        }
        if self.now < epoch.ends_at {
            return Err(Error::PostTooEarly);
        }
        if epoch.state != STATE_OPEN || self.now >= epoch.target {
            return Err(Error::PostTooLate);
        }
        let before = epoch.inventory_mask;
        epoch.inventory_mask = self.give(epoch, Brings::Inventories(self.values), before)?;
        epoch.stake_posted = epoch.stake_of(epoch.inventory_mask);
        Ok(epoch.inventory_mask & !before)
    }

    fn commits(&self, epoch: &mut Epoch) -> Result<u64, Error> {
        epoch.check_sealed()?;
        if self.now < epoch.commit_from() {
            return Err(Error::PostTooEarly);
        }
        if self.now >= epoch.commit_until() {
            return Err(Error::PostTooLate);
        }
        let before = epoch.commit_mask;
        epoch.commit_mask = self.give(epoch, Brings::Commits(self.values), before)?;
        Ok(epoch.commit_mask & !before)
    }

    fn give(&self, epoch: &mut Epoch, brings: Brings, done: u64) -> Result<u64, Error> {
        if self.values.len() != self.signers.len() {
            return Err(Error::WrongWhat);
        }
        let again = Error::AlreadyPosted;
        epoch.take(&Ballot { signers: self.signers, brings, active_slot: self.now, done, again })
    }

    /// In any epoch that isn't final: its seats weigh.
    fn holdings(&self, epoch: &mut Epoch, job: &mut Job) -> Result<u64, Error> {
        if !self.values.is_empty() {
            return Err(Error::WrongWhat);
        }
        if epoch.state == STATE_FINAL {
            return Err(Error::EpochFinal);
        }
        job.check_unopened()?;
        let (brings, again) = (Brings::Nothing, Error::AlreadyPosted);
        // Whoever stalls an epoch must not stay active by jobs of its own.
        let seats = epoch.take(&Ballot { signers: self.signers, brings, active_slot: 0, done: 0, again })?;
        for (place, seat) in epoch.seats().iter().enumerate() {
            if seats >> place & 1 == 1 {
                job.add_holder(seat.id, epoch)?;
            }
        }
        Ok(seats)
    }
}
