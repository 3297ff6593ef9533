//! The hash that verifiers vote on.

use crate::hash::{Hash, sha256};
use crate::state::LedgerRoot;
use crate::tags;
use pinocchio::Address;

pub struct Attestation<'a> {
    pub network: &'a Address,
    pub epoch: u64,
    pub round: u64,
    pub seed: &'a Hash,
    pub facts_hash: &'a Hash,
    pub inputs_root: &'a Hash,
    pub previous: &'a Hash,
    pub accounts: &'a LedgerRoot,
    pub jobs: &'a LedgerRoot,
    pub slashes: &'a LedgerRoot,
    pub nodes_root: &'a Hash,
    pub workforce_root: &'a Hash,
    pub state_hash: &'a Hash,
}

impl Attestation<'_> {
    pub fn hash(&self) -> Hash {
        sha256(&[
            &tags::ATTESTATION,
            self.network.as_array(),
            &self.epoch.to_le_bytes(),
            &self.round.to_le_bytes(),
            self.seed,
            self.facts_hash,
            self.inputs_root,
            self.previous,
            &ledger_bytes(self.accounts),
            &ledger_bytes(self.jobs),
            &ledger_bytes(self.slashes),
            self.nodes_root,
            self.workforce_root,
            self.state_hash,
        ])
    }
}

fn ledger_bytes(ledger: &LedgerRoot) -> [u8; 48] {
    let mut bytes = [0; 48];
    bytes[..32].copy_from_slice(&ledger.root);
    bytes[32..40].copy_from_slice(&ledger.count.to_le_bytes());
    bytes[40..].copy_from_slice(&ledger.total.to_le_bytes());
    bytes
}
