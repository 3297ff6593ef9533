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
use pinocchio::{AccountView, Address, ProgramResult};

/// The first byte of the data names the instruction, the others are its arguments.
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> ProgramResult {
    let [discriminator, data @ ..] = data else {
        return Err(Error::UnknownInstruction.into());
    };
    let instruction = match *discriminator {
        ids::CREATE_NETWORK => create_network::process,
        ids::SET_PARAMS => set_params::process,
        ids::NOMINATE_AUTHORITY => nominate_authority::process,
        ids::ACCEPT_AUTHORITY => accept_authority::process,
        ids::PAUSE => pause::process,
        ids::RESUME => resume::process,
        ids::JOIN_ROSTER => join_roster::process,
        ids::CREATE_JOB => create_job::process,
        ids::CLOSE_JOB => close_job::process,
        ids::REFUND_JOB => refund_job::process,
        ids::OPEN_PAGE => open_page::process,
        ids::CLAIM => claim::process,
        ids::APPLY_SLASH => apply_slash::process,
        _ => return Err(Error::UnknownInstruction.into()),
    };
    instruction(program, accounts, data).map_err(Into::into)
}
