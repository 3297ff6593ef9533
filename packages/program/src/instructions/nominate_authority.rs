use crate::Error;
use crate::account::open_mut;
use crate::events::AuthorityNominated;
use crate::generated::instructions::{NominateAuthorityAccounts, NominateAuthorityArgs};
use crate::state::Network;
use pinocchio::{AccountView, Address};

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let accounts = NominateAuthorityAccounts::parse(program, accounts)?;
    let args = NominateAuthorityArgs::parse(data)?;
    let id = accounts.network.address();
    let network = open_mut::<Network>(program, accounts.network)?;
    network.check_authority(accounts.authority.address())?;
    network.pending_authority = *args.nominee;
    AuthorityNominated { network: id, nominee: args.nominee }.emit();
    Ok(())
}
