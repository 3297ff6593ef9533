use crate::Error;
use crate::account::open_mut;
use crate::generated::instructions::{NextRoundAccounts, NextRoundArgs};
use crate::slots::{self, after};
use crate::state::Epoch;
use pinocchio::{AccountView, Address};

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let NextRoundAccounts { epoch } = NextRoundAccounts::parse(program, accounts)?;
    let args = NextRoundArgs::parse(data)?;
    let epoch = open_mut::<Epoch>(program, epoch)?;
    epoch.check_number(args.number)?;
    epoch.check_sealed()?;
    if epoch.round != args.round {
        return Err(Error::WrongRound);
    }
    if epoch.voted_slot != 0 {
        return Err(Error::QuorumReached);
    }
    let now = slots::now()?;
    if now < after(epoch.round_from, epoch.round_slots) {
        return Err(Error::RoundNotOver);
    }
    epoch.begin_round(now);
    Ok(())
}
