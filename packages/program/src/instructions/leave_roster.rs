use crate::Error;
use crate::account::{open, open_in, open_mut_in};
use crate::data::of_size;
use crate::events::VerifierLeft;
use crate::generated::instructions::LeaveRosterAccounts;
use crate::network::later;
use crate::roster::{EPOCHS_OF_NOTICE, STAYS};
use crate::slots;
use crate::state::{Network, Roster, Verifier};
use pinocchio::{AccountView, Address};

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let accounts = LeaveRosterAccounts::parse(program, accounts)?;
    of_size::<0>(data)?;
    let network_id = accounts.network.address();
    let network = open::<Network>(program, accounts.network)?;
    let verifier = open_in::<Verifier>(program, network_id, accounts.verifier)?;
    verifier.check_operator(accounts.operator.address())?;
    let roster = open_mut_in::<Roster>(program, network_id, accounts.roster)?;
    let place = roster.place_of(verifier.id)?;
    let exit_epoch = exit_epoch(network, slots::now()?).max(roster.entries()[place].from_epoch);
    if roster.entries()[place].exit_epoch != STAYS {
        return Err(Error::AlreadyLeaving);
    }
    roster.entries_mut()[place].exit_epoch = exit_epoch;
    // Without anybody no epoch could ever become final, and nothing could be paid.
    if network.started == 1 && !roster.entries().iter().any(|entry| entry.stays_from(exit_epoch)) {
        return Err(Error::LastVerifier);
    }
    VerifierLeft { network: network_id, id: verifier.id, exit_epoch }.emit();
    Ok(())
}

/// Before the start nobody has a seat yet; then the epoch of now and the next have their snapshots.
fn exit_epoch(network: &Network, now: u64) -> i64 {
    if network.started == 0 { 0 } else { later(network.current_epoch(now), EPOCHS_OF_NOTICE) }
}
