//! Piecework on Solana: escrow, attestations by stake, claims with a Merkle proof.
#![no_std]

pub mod account;
pub mod attestation;
pub mod ballot;
pub mod call;
pub mod data;
pub mod draw;
#[cfg(target_arch = "bpf")]
mod entrypoint;
pub mod epoch;
pub mod error;
pub mod generated;
pub mod hash;
pub mod instructions;
pub mod job;
pub mod ledger;
pub mod log;
pub mod math;
pub mod memory;
pub mod network;
pub mod params;
pub mod pda;
pub mod roster;
pub mod seed;
pub mod slots;
pub mod snapshot;
pub mod tags;
pub mod token;

pub use error::Error;
pub use generated::{events, state};
