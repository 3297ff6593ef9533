use crate::Error;
use crate::account::open_mut;
use crate::ballot::{Ballot, Brings};
use crate::events::Voted;
use crate::generated::instructions::{VoteAccounts, VoteArgs};
use crate::slots;
use crate::state::Epoch;
use pinocchio::{AccountView, Address};

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let VoteAccounts { epoch, voters } = VoteAccounts::parse(program, accounts)?;
    let args = VoteArgs::parse(data)?;
    let epoch = open_mut::<Epoch>(program, epoch)?;
    epoch.check_sealed()?;
    epoch.check_candidate()?;
    if epoch.candidate.attestation != *args.attestation {
        return Err(Error::WrongAttestation);
    }
    let now = slots::now()?;
    let before = epoch.vote_mask;
    let (brings, again) = (Brings::Nothing, Error::AlreadyVoted);
    epoch.vote_mask = epoch.take(&Ballot { signers: voters, brings, active_slot: now, done: before, again })?;
    epoch.stake_voted = epoch.stake_of(epoch.vote_mask);
    let reached = u8::from(epoch.note_votes(now));
    let seats = epoch.vote_mask & !before;
    Voted { network: &epoch.network, epoch: epoch.number, round: epoch.round, seats, reached }.emit();
    Ok(())
}
