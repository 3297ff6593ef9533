use crate::Error;
use crate::account::open_mut;
use crate::data::of_size;
use crate::events::AuthorityAccepted;
use crate::generated::instructions::AcceptAuthorityAccounts;
use crate::network::NOBODY;
use crate::state::Network;
use pinocchio::{AccountView, Address};

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let accounts = AcceptAuthorityAccounts::parse(program, accounts)?;
    of_size::<0>(data)?;
    let id = accounts.network.address();
    let nominee = accounts.nominee.address();
    let network = open_mut::<Network>(program, accounts.network)?;
    if network.pending_authority == NOBODY || network.pending_authority != *nominee {
        return Err(Error::NotNominee);
    }
    network.authority = *nominee;
    network.pending_authority = NOBODY;
    AuthorityAccepted { network: id, authority: nominee }.emit();
    Ok(())
}
