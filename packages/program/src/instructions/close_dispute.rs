use crate::Error;
use crate::account::{check_is, close, open, open_in};
use crate::data::of_size;
use crate::events::DisputeClosed;
use crate::generated::instructions::CloseDisputeAccounts;
use crate::state::{Dispute, Network};
use pinocchio::{AccountView, Address};

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let accounts = CloseDisputeAccounts::parse(program, accounts)?;
    of_size::<0>(data)?;
    let id = accounts.network.address();
    let network = open::<Network>(program, accounts.network)?;
    let dispute = open_in::<Dispute>(program, id, accounts.dispute)?;
    check_is(accounts.disputer, &dispute.disputer, Error::WrongDisputer)?;
    if dispute.epoch > network.last_final {
        return Err(Error::DisputeNotSettled);
    }
    let (epoch, ledger, index) = (dispute.epoch, dispute.ledger, dispute.index);
    close(accounts.dispute, accounts.disputer)?;
    DisputeClosed { network: id, epoch, ledger, index, disputer: accounts.disputer.address() }.emit();
    Ok(())
}
