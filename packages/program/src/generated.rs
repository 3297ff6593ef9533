//! What follows from idl.json: layouts, arguments, account lists, log lines and error codes.

#[rustfmt::skip]
pub mod errors;
#[rustfmt::skip]
pub mod events;
#[rustfmt::skip]
pub mod instructions;
#[rustfmt::skip]
pub mod state;
