use crate::Error;
use crate::account::open_mut;
use crate::events::ParamsSet;
use crate::generated::instructions::{SetParamsAccounts, SetParamsArgs};
use crate::memory::copy;
use crate::network::later;
use crate::slots;
use crate::state::Network;
use pinocchio::{AccountView, Address};

/// Whoever disagrees has an epoch in which to leave.
const EPOCHS_UNTIL_EFFECTIVE: i64 = 2;

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let accounts = SetParamsAccounts::parse(program, accounts)?;
    let args = SetParamsArgs::parse(data)?;
    let id = accounts.network.address();
    let network = open_mut::<Network>(program, accounts.network)?;
    network.check_authority(accounts.authority.address())?;
    args.params.check()?;
    settle_last_change(network)?;
    // Verifiers have let go of what older rows are judged with, and a question about one would stop them all.
    if args.params.evidence_epochs > network.params.evidence_epochs {
        return Err(Error::EvidenceRaised);
    }

    let from_epoch = later(network.current_epoch(slots::now()?), EPOCHS_UNTIL_EFFECTIVE);
    copy(&mut network.next_params, &args.params);
    network.next_params_from = from_epoch;
    ParamsSet { network: id, from_epoch }.emit();
    Ok(())
}

/// The last change is pending while an epoch that isn't final still has the parameters before it:
/// they are facts that verifiers read here.
fn settle_last_change(network: &mut Network) -> Result<(), Error> {
    if network.next_params_from == i64::MAX {
        return Ok(());
    }
    if network.next_params_from > later(network.last_final, 1) {
        return Err(Error::ParamsPending);
    }
    copy(&mut network.params, &network.next_params);
    Ok(())
}
