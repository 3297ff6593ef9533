use crate::Error;
use crate::account::open;
use crate::events::PageOpened;
use crate::generated::instructions::{OpenPageAccounts, OpenPageArgs};
use crate::pda::create_state;
use crate::state::{ClaimPage, Network, PAGE_ENTRIES};
use pinocchio::{AccountView, Address};

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let accounts = OpenPageAccounts::parse(program, accounts)?;
    let args = OpenPageArgs::parse(data)?;
    let network_id = accounts.network.address();
    let first_index = u64::from(args.number) * PAGE_ENTRIES as u64;
    if first_index >= open::<Network>(program, accounts.network)?.latest_root()?.accounts.count {
        return Err(Error::PageNotNeeded);
    }

    let seeds: [&[u8]; 3] = [b"page", network_id.as_ref(), &args.number.to_le_bytes()];
    let page = create_state::<ClaimPage>(program, accounts.payer, accounts.page, &seeds)?;
    page.number = args.number;
    page.network = *network_id;
    PageOpened { network: network_id, number: args.number }.emit();
    Ok(())
}
