//! One file an instruction, and the one table that leads to them.

mod accept_authority;
mod apply_slash;
mod claim;
mod close_job;
mod create_job;
mod create_network;
mod join_roster;
mod nominate_authority;
mod open_page;
mod pause;
mod refund_job;
mod resume;
mod set_params;

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
        ids::SET_PARAMS => set_params::process(program, accounts, data),
        ids::NOMINATE_AUTHORITY => nominate_authority::process(program, accounts, data),
        ids::ACCEPT_AUTHORITY => accept_authority::process(program, accounts, data),
        ids::PAUSE => pause::process(program, accounts, data),
        ids::RESUME => resume::process(program, accounts, data),
        ids::JOIN_ROSTER => join_roster::process(program, accounts, data),
        ids::CREATE_JOB => create_job::process(program, accounts, data),
        ids::CLOSE_JOB => close_job::process(program, accounts, data),
        ids::REFUND_JOB => refund_job::process(program, accounts, data),
        ids::OPEN_PAGE => open_page::process(program, accounts, data),
        ids::CLAIM => claim::process(program, accounts, data),
        ids::APPLY_SLASH => apply_slash::process(program, accounts, data),
        _ => Err(Error::UnknownInstruction),
    }
}
