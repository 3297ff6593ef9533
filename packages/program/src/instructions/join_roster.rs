use crate::Error;
use crate::account::{check_is, open_mut, open_mut_in};
use crate::events::VerifierJoined;
use crate::generated::instructions::{JoinRosterAccounts, JoinRosterArgs};
use crate::math::{add, displaces};
use crate::network::later;
use crate::pda::create_state;
use crate::roster::{EPOCHS_OF_NOTICE, STAYS};
use crate::state::{Entry, Network, Roster, SEATS, Verifier};
use crate::{slots, token};
use pinocchio::{AccountView, Address};

/// In the log line, when nobody was displaced. No verifier has this id.
const NOBODY: u32 = u32::MAX;

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let accounts = JoinRosterAccounts::parse(program, accounts)?;
    let args = JoinRosterArgs::parse(data)?;
    let network_id = accounts.network.address();
    if accounts.vote_key.address() == accounts.operator.address() {
        return Err(Error::VoteKeyIsOperator);
    }

    let network = open_mut::<Network>(program, accounts.network)?;
    check_is(accounts.stake_vault, &network.stake_vault, Error::WrongVault)?;
    token::open_tokens(accounts.operator_tokens, &network.mint)?;
    let id = network.next_verifier;
    network.next_verifier = id.checked_add(1).ok_or(Error::NoMoreIds)?;
    network.totals.staked = add(network.totals.staked, args.stake)?;

    let roster = open_mut_in::<Roster>(program, network_id, accounts.roster)?;
    let seat =
        seat(network, roster, &Newcomer { id, vote_key: accounts.vote_key.address(), stake: args.stake })?;

    let seeds: [&[u8]; 3] = [b"verifier", network_id.as_ref(), &id.to_le_bytes()];
    let verifier = create_state::<Verifier>(program, accounts.payer, accounts.verifier, &seeds)?;
    verifier.id = id;
    verifier.network = *network_id;
    verifier.operator = *accounts.operator.address();
    verifier.vote_key = *accounts.vote_key.address();
    verifier.exit_epoch = STAYS;
    verifier.slash_epoch = -1;

    token::deposit(accounts.operator_tokens, accounts.stake_vault, accounts.operator, args.stake);
    VerifierJoined {
        network: network_id,
        id,
        operator: &verifier.operator,
        vote_key: &verifier.vote_key,
        stake: args.stake,
        from_epoch: seat.from_epoch,
        displaced: seat.displaced,
    }
    .emit();
    Ok(())
}

struct Newcomer<'a> {
    id: u32,
    vote_key: &'a Address,
    stake: u64,
}

struct SeatFound {
    from_epoch: i64,
    displaced: u32,
}

/// Gives the newcomer its entry, and ends the smallest stake's seat when all are taken.
fn seat(network: &Network, roster: &mut Roster, newcomer: &Newcomer) -> Result<SeatFound, Error> {
    let now = slots::now()?;
    let from_epoch = first_epoch(network, roster, now);
    let params = network.params_of(from_epoch);
    if newcomer.stake < params.min_stake {
        return Err(Error::StakeTooSmall);
    }
    if roster.has_vote_key(newcomer.vote_key) {
        return Err(Error::VoteKeyTaken);
    }
    let displaced = make_room(roster, from_epoch, newcomer.stake)?;
    roster.push(Entry {
        id: newcomer.id,
        padding: [0; 4],
        vote_key: *newcomer.vote_key,
        stake: newcomer.stake,
        from_epoch,
        exit_epoch: STAYS,
        active_slot: now,
    })?;
    Ok(SeatFound { from_epoch, displaced })
}

fn first_epoch(network: &Network, roster: &Roster, now: u64) -> i64 {
    if network.started == 0 {
        return 0;
    }
    roster.free_activation(later(network.current_epoch(now), EPOCHS_OF_NOTICE))
}

fn make_room(roster: &mut Roster, epoch: i64, stake: u64) -> Result<u32, Error> {
    if roster.seats_from(epoch) < SEATS {
        return Ok(NOBODY);
    }
    let smallest = roster.smallest_from(epoch).ok_or(Error::RosterFull)?;
    if !displaces(stake, smallest.stake) {
        return Err(Error::StakeBelowDisplacement);
    }
    // One that had no seat yet never gets one.
    smallest.exit_epoch = epoch.max(smallest.from_epoch);
    Ok(smallest.id)
}
