//! One file an instruction, and the one table that leads to them.

mod accept_authority;
mod apply_slash;
mod claim;
mod close_dispute;
mod close_job;
mod create_job;
mod create_network;
mod drop_inactive;
mod finalize;
mod join_roster;
mod leave_roster;
mod next_round;
mod nominate_authority;
mod open_dispute;
mod open_page;
mod pause;
mod post;
mod propose;
mod prove_dispute;
mod refund_job;
mod resume;
mod retire;
mod seal_epoch;
mod set_params;
mod start;
mod vote;
mod withdraw_stake;

use crate::Error;
use crate::generated::instructions as ids;
use pinocchio::{AccountView, Address};

/// The first byte of the data names the instruction, the others are its arguments.
#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let [discriminator, data @ ..] = data else {
        return Err(Error::UnknownInstruction);
    };
    match *discriminator {
        ids::CREATE_NETWORK => create_network::process(program, accounts, data),
        ids::START => start::process(program, accounts, data),
        ids::SET_PARAMS => set_params::process(program, accounts, data),
        ids::NOMINATE_AUTHORITY => nominate_authority::process(program, accounts, data),
        ids::ACCEPT_AUTHORITY => accept_authority::process(program, accounts, data),
        ids::PAUSE => pause::process(program, accounts, data),
        ids::RESUME => resume::process(program, accounts, data),
        ids::JOIN_ROSTER => join_roster::process(program, accounts, data),
        ids::LEAVE_ROSTER => leave_roster::process(program, accounts, data),
        ids::RETIRE => retire::process(program, accounts, data),
        ids::WITHDRAW_STAKE => withdraw_stake::process(program, accounts, data),
        ids::DROP_INACTIVE => drop_inactive::process(program, accounts, data),
        ids::CREATE_JOB => create_job::process(program, accounts, data),
        ids::CLOSE_JOB => close_job::process(program, accounts, data),
        ids::REFUND_JOB => refund_job::process(program, accounts, data),
        ids::POST => post::process(program, accounts, data),
        ids::SEAL_EPOCH => seal_epoch::process(program, accounts, data),
        ids::PROPOSE => propose::process(program, accounts, data),
        ids::NEXT_ROUND => next_round::process(program, accounts, data),
        ids::VOTE => vote::process(program, accounts, data),
        ids::FINALIZE => finalize::process(program, accounts, data),
        ids::OPEN_DISPUTE => open_dispute::process(program, accounts, data),
        ids::PROVE_DISPUTE => prove_dispute::process(program, accounts, data),
        ids::CLOSE_DISPUTE => close_dispute::process(program, accounts, data),
        ids::OPEN_PAGE => open_page::process(program, accounts, data),
        ids::CLAIM => claim::process(program, accounts, data),
        ids::APPLY_SLASH => apply_slash::process(program, accounts, data),
        _ => Err(Error::UnknownInstruction),
    }
}
