use crate::Error;
use crate::account::{check_is, open_mut};
use crate::data::of_size;
use crate::events::JobClosed;
use crate::generated::instructions::CloseJobAccounts;
use crate::slots;
use crate::state::Job;
use pinocchio::{AccountView, Address};

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let accounts = CloseJobAccounts::parse(program, accounts)?;
    of_size::<0>(data)?;
    let now = slots::now()?;
    let job = open_mut::<Job>(program, accounts.job)?;
    check_is(accounts.requester, &job.requester, Error::NotRequester)?;
    if job.close_slot != 0 {
        return Err(Error::JobClosed);
    }
    job.close_slot = now;
    JobClosed { network: &job.network, index: job.index, slot: now }.emit();
    Ok(())
}
