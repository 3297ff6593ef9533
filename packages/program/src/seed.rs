use crate::hash::{Hash, sha256};
use crate::tags;
use pinocchio::Address;

/// The seed of an epoch, from a slot hash that nobody could know before.
#[inline(never)]
pub fn epoch_seed(slot_hash: &Hash, network: &Address, epoch: i64) -> Hash {
    sha256(&[&tags::SEED, slot_hash, network.as_array(), &epoch.to_le_bytes()])
}
