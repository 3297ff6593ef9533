//! One file an instruction, and the one table that leads to them.

mod create_network;
mod join_roster;

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
        ids::JOIN_ROSTER => join_roster::process,
        _ => return Err(Error::UnknownInstruction.into()),
    };
    instruction(program, accounts, data).map_err(Into::into)
}
