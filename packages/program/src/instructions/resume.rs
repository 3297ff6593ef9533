use crate::Error;
use crate::account::open_mut;
use crate::data::of_size;
use crate::events::Resumed;
use crate::generated::instructions::ResumeAccounts;
use crate::math::{add, sub};
use crate::slots;
use crate::state::Network;
use pinocchio::{AccountView, Address};

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let accounts = ResumeAccounts::parse(program, accounts)?;
    of_size::<0>(data)?;
    let id = accounts.network.address();
    let now = slots::now()?;
    let network = open_mut::<Network>(program, accounts.network)?;
    network.check_authority(accounts.authority.address())?;
    if now >= network.pause_until {
        return Err(Error::NotPaused);
    }
    // As long as it was paused it can't be again.
    let lasted = sub(now, network.paused_at)?;
    network.pause_until = now;
    network.pause_again_from = add(now, lasted)?;
    Resumed { network: id, slot: now }.emit();
    Ok(())
}
