use crate::Error;
use crate::account::{open, open_mut_in};
use crate::attestation::Attestation;
use crate::draw;
use crate::events::Proposed;
use crate::generated::instructions::{ProposeAccounts, ProposeArgs};
use crate::hash::ZERO;
use crate::ledger::well_formed;
use crate::memory::copy;
use crate::slots;
use crate::state::{Epoch, FinalRoot, LedgerRoot, Network};
use pinocchio::{AccountView, Address};

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let accounts = ProposeAccounts::parse(program, accounts)?;
    let args = ProposeArgs::parse(data)?;
    let id = accounts.network.address();
    let network = open::<Network>(program, accounts.network)?;
    let epoch = open_mut_in::<Epoch>(program, id, accounts.epoch)?;
    let now = slots::now()?;
    network.check_not_paused(now)?;
    epoch.check_next_final(network, args.number)?;
    let place = check_round(epoch, accounts.proposer.address(), args.round)?;
    if now < epoch.round_from {
        return Err(Error::ProposeTooEarly);
    }
    let latest = network.kept_root(network.last_final);
    check_ledgers(network, latest, &args)?;

    let attestation = Attestation {
        network: id,
        epoch: args.number as u64,
        round: args.round,
        seed: &epoch.seed,
        facts_hash: args.facts_hash,
        inputs_root: args.inputs_root,
        previous: latest.map_or(&ZERO, |root| &root.attestation),
        accounts: &args.accounts,
        jobs: &args.jobs,
        slashes: &args.slashes,
        nodes_root: args.nodes_root,
        workforce_root: args.workforce_root,
        state_hash: args.state_hash,
    }
    .hash();
    epoch.seats[place].active_slot = now;
    epoch.candidate.attestation = attestation;
    copy(&mut epoch.candidate.accounts, &args.accounts);
    copy(&mut epoch.candidate.jobs, &args.jobs);
    copy(&mut epoch.candidate.slashes, &args.slashes);
    Proposed { network: id, epoch: args.number, round: args.round, attestation: &attestation }.emit();
    Ok(())
}

/// One candidate a round, from the verifier that was drawn for it: returns the place of its seat.
fn check_round(epoch: &Epoch, proposer: &Address, round: u64) -> Result<usize, Error> {
    if epoch.round != round {
        return Err(Error::WrongRound);
    }
    if epoch.candidate.attestation != ZERO {
        return Err(Error::AlreadyProposed);
    }
    let place = epoch.place_of(proposer).map_err(|_| Error::NotProposer)?;
    let drawn = draw::proposer(&epoch.seed, round, epoch.seats(), epoch.weight_total);
    if drawn == Some(place) { Ok(place) } else { Err(Error::NotProposer) }
}

/// Ledgers only grow, and no money comes from nowhere.
fn check_ledgers(network: &Network, latest: Option<&FinalRoot>, args: &ProposeArgs) -> Result<(), Error> {
    let none = LedgerRoot::EMPTY;
    let (accounts, jobs, slashes) =
        latest.map_or((&none, &none, &none), |root| (&root.accounts, &root.jobs, &root.slashes));
    check_ledger(&args.accounts, accounts, u64::MAX)?;
    check_ledger(&args.jobs, jobs, u64::from(network.next_job))?;
    check_ledger(&args.slashes, slashes, u64::from(network.next_verifier))?;
    if args.accounts.total > args.jobs.total {
        return Err(Error::PaidAboveCharged);
    }
    if network.covers(args.jobs.total) { Ok(()) } else { Err(Error::ChargedAboveDeposited) }
}

#[inline(never)]
fn check_ledger(new: &LedgerRoot, latest: &LedgerRoot, owners: u64) -> Result<(), Error> {
    if new.count < latest.count {
        return Err(Error::CountShrinks);
    }
    if new.total < latest.total {
        return Err(Error::TotalShrinks);
    }
    if new.count > owners || !well_formed(new) { Err(Error::BadLedger) } else { Ok(()) }
}
