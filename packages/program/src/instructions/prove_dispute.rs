use crate::Error;
use crate::account::{check_is, close, open_in, open_mut, open_mut_in};
use crate::events::DisputeProven;
use crate::generated::instructions::{ProveDisputeAccounts, ProveDisputeArgs};
use crate::ledger::{Leaf, one_of};
use crate::math::{add, share, sub};
use crate::slots;
use crate::state::{Dispute, Epoch, Network, Roster, SEATS};
use crate::token::{STAKE, Vault, open_tokens};
use pinocchio::{AccountView, Address};

/// The disputer's part of what the voters lose: enough to look for it, too little to stage it.
const REWARD_BPS: u16 = 1_000;

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let accounts = ProveDisputeAccounts::parse(program, accounts)?;
    let args = ProveDisputeArgs::parse(data)?;
    let id = accounts.network.address();
    let network = open_mut::<Network>(program, accounts.network)?;
    check_is(accounts.stake_vault, &network.stake_vault, Error::WrongVault)?;
    check_is(accounts.mint, &network.mint, Error::WrongMint)?;
    let dispute = open_in::<Dispute>(program, id, accounts.dispute)?;
    check_is(accounts.disputer, &dispute.disputer, Error::WrongDisputer)?;
    if *open_tokens(accounts.destination, &network.mint)?.owner() != dispute.disputer {
        return Err(Error::WrongTokenAccount);
    }
    let epoch = open_mut_in::<Epoch>(program, id, accounts.epoch)?;
    epoch.check_number(dispute.epoch)?;
    epoch.check_disputable(network)?;
    prove(epoch, dispute, &args)?;

    let roster = open_mut_in::<Roster>(program, id, accounts.roster)?;
    let taken = take_stakes(network, epoch, roster)?;
    network.totals.staked = sub(network.totals.staked, taken)?;
    network.totals.slashed = add(network.totals.slashed, taken)?;
    let reward = share(taken, REWARD_BPS);
    let burned = sub(taken, reward)?;
    let vault = Vault { name: STAKE, network: id, bump: network.stake_bump };
    vault.pay(accounts.stake_vault, accounts.destination, reward);
    vault.burn(accounts.stake_vault, accounts.mint, burned);

    let (ledger, index) = (dispute.ledger, dispute.index);
    close(accounts.dispute, accounts.disputer)?;
    let (number, round) = (epoch.number, epoch.round);
    epoch.next_round(slots::now()?);
    DisputeProven { network: id, epoch: number, round, ledger, index, burned, reward }.emit();
    Ok(())
}

/// An amount at an index never decreases, and an owner never changes.
fn prove(epoch: &Epoch, dispute: &Dispute, args: &ProveDisputeArgs) -> Result<(), Error> {
    let candidate = &epoch.candidate;
    let ledger = one_of(dispute.ledger, [&candidate.accounts, &candidate.jobs, &candidate.slashes])?;
    let leaf = Leaf { index: dispute.index, amount: args.amount, owner: args.owner, detail: args.detail };
    leaf.prove(ledger, args.proof)?;
    if args.amount >= dispute.amount && *args.owner == dispute.owner {
        return Err(Error::NothingWrong);
    }
    Ok(())
}

/// Takes the largest slash from everybody who voted, and returns the sum.
fn take_stakes(network: &Network, epoch: &Epoch, roster: &mut Roster) -> Result<u64, Error> {
    let bps = network.params_of(epoch.number).max_slash_bps;
    let mut taken = 0;
    for place in (0..SEATS).filter(|place| epoch.vote_mask >> place & 1 == 1) {
        // Nobody leaves the roster while an epoch that it has a seat in is not final.
        let entry = roster.place_of(epoch.seats[place].id)?;
        let stake = &mut roster.entries_mut()[entry].stake;
        let part = share(*stake, bps);
        *stake -= part;
        taken = add(taken, part)?;
    }
    Ok(taken)
}
