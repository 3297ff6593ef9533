//! Every refusal has a code of its own. One register wide, unlike the runtime's error.

pub use crate::generated::errors::Error;
use pinocchio::error::ProgramError;

impl From<Error> for ProgramError {
    fn from(error: Error) -> Self {
        ProgramError::Custom(error as u32)
    }
}

/// What the runtime's helpers refuse, in our words. A failed call of another program never comes back.
impl From<ProgramError> for Error {
    fn from(error: ProgramError) -> Self {
        match error {
            ProgramError::AccountBorrowFailed => Error::SameAccountTwice,
            ProgramError::ArithmeticOverflow => Error::Overflow,
            _ => Error::Runtime,
        }
    }
}
