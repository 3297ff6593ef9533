use crate::Error;
use crate::account::open_mut;
use crate::data::of_size;
use crate::events::Paused;
use crate::generated::instructions::PauseAccounts;
use crate::math::add;
use crate::slots;
use crate::state::Network;
use pinocchio::{AccountView, Address};

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let accounts = PauseAccounts::parse(program, accounts)?;
    of_size::<0>(data)?;
    let id = accounts.network.address();
    let now = slots::now()?;
    let network = open_mut::<Network>(program, accounts.network)?;
    network.check_authority(accounts.authority.address())?;
    if now < network.pause_again_from {
        return Err(Error::PauseTooSoon);
    }
    let longest = u64::from(network.params_now(now).max_pause);
    network.paused_at = now;
    network.pause_until = add(now, longest)?;
    network.pause_again_from = add(network.pause_until, longest)?;
    Paused { network: id, until: network.pause_until }.emit();
    Ok(())
}
