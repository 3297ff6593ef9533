use crate::Error;
use crate::account::{open, open_mut_in};
use crate::data::of_size;
use crate::events::VerifierRetired;
use crate::generated::instructions::RetireAccounts;
use crate::network::later;
use crate::roster::NEVER_SEATED;
use crate::state::{Network, Roster, Verifier};
use pinocchio::{AccountView, Address};

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let accounts = RetireAccounts::parse(program, accounts)?;
    of_size::<0>(data)?;
    let network_id = accounts.network.address();
    let network = open::<Network>(program, accounts.network)?;
    let roster = open_mut_in::<Roster>(program, network_id, accounts.roster)?;
    let verifier = open_mut_in::<Verifier>(program, network_id, accounts.verifier)?;
    let place = roster.place_of(verifier.id)?;
    let entry = &roster.entries()[place];
    let never_seated = entry.exit_epoch <= entry.from_epoch;
    // Until its last epoch is final a dispute may still take from its stake.
    if !never_seated && entry.exit_epoch > later(network.last_final, 1) {
        return Err(Error::NotExited);
    }
    verifier.retired = 1;
    verifier.stake = entry.stake;
    verifier.exit_epoch = if never_seated { NEVER_SEATED } else { entry.exit_epoch };
    roster.remove(place);
    VerifierRetired { network: network_id, id: verifier.id, stake: verifier.stake }.emit();
    Ok(())
}
