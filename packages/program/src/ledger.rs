//! The three ledgers: leaf, proof and depth.

use crate::Error;
use crate::hash::{Hash, ZERO, sha256, sha256_into};
use crate::state::{LEDGER_ACCOUNTS, LEDGER_JOBS, LEDGER_SLASHES, LedgerRoot};
use crate::tags;
use core::mem::swap;
use pinocchio::Address;

/// A ledger of 2^32 leaves; indices are u32.
pub const MAX_DEPTH: u32 = 32;

impl LedgerRoot {
    pub const EMPTY: Self = Self { root: ZERO, count: 0, total: 0 };
}

pub struct Leaf<'a> {
    pub index: u64,
    pub amount: u64,
    pub owner: &'a Address,
    pub detail: &'a Hash,
}

impl Leaf<'_> {
    pub fn hash(&self) -> Hash {
        let who = sha256(&[self.owner.as_array(), self.detail]);
        sha256(&[&half(self.index, self.amount, &tags::LEAF), &who])
    }

    /// Checks that the leaf is in the ledger: the proof has exactly its depth.
    #[inline(never)]
    pub fn prove(&self, ledger: &LedgerRoot, proof: &[Hash]) -> Result<(), Error> {
        if self.index >= ledger.count || !is_depth(proof.len(), ledger.count) {
            return Err(Error::WrongProof);
        }
        if root_from(self.hash(), self.index, proof) == ledger.root { Ok(()) } else { Err(Error::WrongProof) }
    }
}

/// The one of accounts, jobs and slashes that an argument names.
pub fn one_of<'a>(
    ledger: u8,
    [accounts, jobs, slashes]: [&'a LedgerRoot; 3],
) -> Result<&'a LedgerRoot, Error> {
    match ledger {
        LEDGER_ACCOUNTS => Ok(accounts),
        LEDGER_JOBS => Ok(jobs),
        LEDGER_SLASHES => Ok(slashes),
        _ => Err(Error::WrongLedger),
    }
}

/// ceil(log2(count)); an empty ledger has depth 0.
pub fn depth(count: u64) -> u32 {
    u64::BITS - count.saturating_sub(1).leading_zeros()
}

/// Whether this is the depth of so many leaves: a quarter of what it takes to compute it.
#[inline(always)]
fn is_depth(levels: usize, count: u64) -> bool {
    levels <= MAX_DEPTH as usize && count <= 1 << levels && (levels == 0 || count > 1 << (levels - 1))
}

#[inline(always)]
fn root_from(leaf: Hash, index: u64, proof: &[Hash]) -> Hash {
    let (mut node, mut above) = (leaf, ZERO);
    let (mut node, mut above) = (&mut node, &mut above);
    let mut position = index;
    for sibling in proof {
        if position & 1 == 0 {
            sha256_into(&[&*node, sibling], above);
        } else {
            sha256_into(&[sibling, &*node], above);
        }
        swap(&mut node, &mut above);
        position >>= 1;
    }
    *node
}

/// Whether a proposed ledger can be one: an empty one has zero hash 0 and nothing in it.
pub fn well_formed(ledger: &LedgerRoot) -> bool {
    depth(ledger.count) <= MAX_DEPTH && (ledger.count > 0 || *ledger == LedgerRoot::EMPTY)
}

/// Two numbers and 16 bytes, in one piece: each piece of what is hashed costs.
#[inline(always)]
fn half(first: u64, second: u64, last: &[u8; 16]) -> Hash {
    let mut bytes = ZERO;
    bytes[..8].copy_from_slice(&first.to_le_bytes());
    bytes[8..16].copy_from_slice(&second.to_le_bytes());
    bytes[16..].copy_from_slice(last);
    bytes
}

/// H(minAmount, maxFee, 16 zeros, rest)
pub fn accounts_detail(min_amount: u64, max_fee: u64, rest: &Hash) -> Hash {
    sha256(&[&half(min_amount, max_fee, &[0; 16]), rest])
}

/// H(done, 31 zeros, rest)
#[inline(never)]
pub fn jobs_detail(done: bool, rest: &Hash) -> Hash {
    let mut flags = ZERO;
    flags[0] = u8::from(done);
    sha256(&[&flags, rest])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_the_rounded_up_logarithm() {
        let expected = [(0, 0), (1, 0), (2, 1), (3, 2), (4, 2), (5, 3), (1000, 10), (1024, 10), (1025, 11)];
        for (count, depth_of_count) in expected {
            assert_eq!(depth(count), depth_of_count, "{count}");
            for levels in 0..40 {
                assert_eq!(is_depth(levels, count), levels == depth_of_count as usize, "{levels} {count}");
            }
        }
    }
}
