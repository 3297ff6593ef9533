// Made from idl.json by generate/main.ts: change that file, not this one.

use crate::log::{log, put};
use pinocchio::Address;

pub struct NetworkCreated<'a> {
    pub network: &'a Address,
    pub authority: &'a Address,
    pub mint: &'a Address,
}

impl NetworkCreated<'_> {
    pub fn emit(&self) {
        let mut line = [0; 97];
        put::<1, 97, _>(&mut line, self.network.as_array());
        put::<33, 97, _>(&mut line, self.authority.as_array());
        put::<65, 97, _>(&mut line, self.mint.as_array());
        log(&line);
    }
}

pub struct Started<'a> {
    pub network: &'a Address,
    pub starts_at: u64,
    pub ends_at: u64,
}

impl Started<'_> {
    pub fn emit(&self) {
        let mut line = [1; 49];
        put::<1, 49, _>(&mut line, self.network.as_array());
        put::<33, 49, _>(&mut line, &self.starts_at.to_le_bytes());
        put::<41, 49, _>(&mut line, &self.ends_at.to_le_bytes());
        log(&line);
    }
}

pub struct ParamsSet<'a> {
    pub network: &'a Address,
    pub from_epoch: i64,
}

impl ParamsSet<'_> {
    pub fn emit(&self) {
        let mut line = [2; 41];
        put::<1, 41, _>(&mut line, self.network.as_array());
        put::<33, 41, _>(&mut line, &self.from_epoch.to_le_bytes());
        log(&line);
    }
}

pub struct AuthorityNominated<'a> {
    pub network: &'a Address,
    pub nominee: &'a Address,
}

impl AuthorityNominated<'_> {
    pub fn emit(&self) {
        let mut line = [3; 65];
        put::<1, 65, _>(&mut line, self.network.as_array());
        put::<33, 65, _>(&mut line, self.nominee.as_array());
        log(&line);
    }
}

pub struct AuthorityAccepted<'a> {
    pub network: &'a Address,
    pub authority: &'a Address,
}

impl AuthorityAccepted<'_> {
    pub fn emit(&self) {
        let mut line = [4; 65];
        put::<1, 65, _>(&mut line, self.network.as_array());
        put::<33, 65, _>(&mut line, self.authority.as_array());
        log(&line);
    }
}

pub struct Paused<'a> {
    pub network: &'a Address,
    pub until: u64,
}

impl Paused<'_> {
    pub fn emit(&self) {
        let mut line = [5; 41];
        put::<1, 41, _>(&mut line, self.network.as_array());
        put::<33, 41, _>(&mut line, &self.until.to_le_bytes());
        log(&line);
    }
}

pub struct Resumed<'a> {
    pub network: &'a Address,
    pub slot: u64,
}

impl Resumed<'_> {
    pub fn emit(&self) {
        let mut line = [6; 41];
        put::<1, 41, _>(&mut line, self.network.as_array());
        put::<33, 41, _>(&mut line, &self.slot.to_le_bytes());
        log(&line);
    }
}

/// displaced: 2^32 - 1 when nobody was
pub struct VerifierJoined<'a> {
    pub network: &'a Address,
    pub id: u32,
    pub operator: &'a Address,
    pub vote_key: &'a Address,
    pub stake: u64,
    pub from_epoch: i64,
    pub displaced: u32,
}

impl VerifierJoined<'_> {
    pub fn emit(&self) {
        let mut line = [7; 121];
        put::<1, 121, _>(&mut line, self.network.as_array());
        put::<33, 121, _>(&mut line, &self.id.to_le_bytes());
        put::<37, 121, _>(&mut line, self.operator.as_array());
        put::<69, 121, _>(&mut line, self.vote_key.as_array());
        put::<101, 121, _>(&mut line, &self.stake.to_le_bytes());
        put::<109, 121, _>(&mut line, &self.from_epoch.to_le_bytes());
        put::<117, 121, _>(&mut line, &self.displaced.to_le_bytes());
        log(&line);
    }
}

pub struct VerifierLeft<'a> {
    pub network: &'a Address,
    pub id: u32,
    pub exit_epoch: i64,
}

impl VerifierLeft<'_> {
    pub fn emit(&self) {
        let mut line = [8; 45];
        put::<1, 45, _>(&mut line, self.network.as_array());
        put::<33, 45, _>(&mut line, &self.id.to_le_bytes());
        put::<37, 45, _>(&mut line, &self.exit_epoch.to_le_bytes());
        log(&line);
    }
}

pub struct VerifierRetired<'a> {
    pub network: &'a Address,
    pub id: u32,
    pub stake: u64,
}

impl VerifierRetired<'_> {
    pub fn emit(&self) {
        let mut line = [9; 45];
        put::<1, 45, _>(&mut line, self.network.as_array());
        put::<33, 45, _>(&mut line, &self.id.to_le_bytes());
        put::<37, 45, _>(&mut line, &self.stake.to_le_bytes());
        log(&line);
    }
}

pub struct StakeWithdrawn<'a> {
    pub network: &'a Address,
    pub id: u32,
    pub amount: u64,
}

impl StakeWithdrawn<'_> {
    pub fn emit(&self) {
        let mut line = [10; 45];
        put::<1, 45, _>(&mut line, self.network.as_array());
        put::<33, 45, _>(&mut line, &self.id.to_le_bytes());
        put::<37, 45, _>(&mut line, &self.amount.to_le_bytes());
        log(&line);
    }
}

pub struct Dropped<'a> {
    pub network: &'a Address,
    pub epoch: i64,
    pub seats: u64,
    pub stake_counted: u64,
}

impl Dropped<'_> {
    pub fn emit(&self) {
        let mut line = [11; 57];
        put::<1, 57, _>(&mut line, self.network.as_array());
        put::<33, 57, _>(&mut line, &self.epoch.to_le_bytes());
        put::<41, 57, _>(&mut line, &self.seats.to_le_bytes());
        put::<49, 57, _>(&mut line, &self.stake_counted.to_le_bytes());
        log(&line);
    }
}

pub struct JobCreated<'a> {
    pub network: &'a Address,
    pub job: &'a Address,
    pub index: u32,
    pub requester: &'a Address,
    pub deposit: u64,
}

impl JobCreated<'_> {
    pub fn emit(&self) {
        let mut line = [12; 109];
        put::<1, 109, _>(&mut line, self.network.as_array());
        put::<33, 109, _>(&mut line, self.job.as_array());
        put::<65, 109, _>(&mut line, &self.index.to_le_bytes());
        put::<69, 109, _>(&mut line, self.requester.as_array());
        put::<101, 109, _>(&mut line, &self.deposit.to_le_bytes());
        log(&line);
    }
}

pub struct JobClosed<'a> {
    pub network: &'a Address,
    pub index: u32,
    pub slot: u64,
}

impl JobClosed<'_> {
    pub fn emit(&self) {
        let mut line = [13; 45];
        put::<1, 45, _>(&mut line, self.network.as_array());
        put::<33, 45, _>(&mut line, &self.index.to_le_bytes());
        put::<37, 45, _>(&mut line, &self.slot.to_le_bytes());
        log(&line);
    }
}

pub struct JobRefunded<'a> {
    pub network: &'a Address,
    pub index: u32,
    pub charged: u64,
    pub refunded: u64,
}

impl JobRefunded<'_> {
    pub fn emit(&self) {
        let mut line = [14; 53];
        put::<1, 53, _>(&mut line, self.network.as_array());
        put::<33, 53, _>(&mut line, &self.index.to_le_bytes());
        put::<37, 53, _>(&mut line, &self.charged.to_le_bytes());
        put::<45, 53, _>(&mut line, &self.refunded.to_le_bytes());
        log(&line);
    }
}

/// reached: 1 when this post made the quorum (inventories) or opened the job (holdings); job: 2^32 - 1 but for holdings
pub struct Posted<'a> {
    pub network: &'a Address,
    pub epoch: i64,
    pub what: u8,
    pub seats: u64,
    pub job: u32,
    pub reached: u8,
}

impl Posted<'_> {
    pub fn emit(&self) {
        let mut line = [15; 55];
        put::<1, 55, _>(&mut line, self.network.as_array());
        put::<33, 55, _>(&mut line, &self.epoch.to_le_bytes());
        put::<41, 55, _>(&mut line, &self.what.to_le_bytes());
        put::<42, 55, _>(&mut line, &self.seats.to_le_bytes());
        put::<50, 55, _>(&mut line, &self.job.to_le_bytes());
        put::<54, 55, _>(&mut line, &self.reached.to_le_bytes());
        log(&line);
    }
}

/// slot 0 and seed zero: only the target moved, to next_end
pub struct Sealed<'a> {
    pub network: &'a Address,
    pub epoch: i64,
    pub slot: u64,
    pub seed: &'a [u8; 32],
    pub next_end: u64,
}

impl Sealed<'_> {
    pub fn emit(&self) {
        let mut line = [16; 89];
        put::<1, 89, _>(&mut line, self.network.as_array());
        put::<33, 89, _>(&mut line, &self.epoch.to_le_bytes());
        put::<41, 89, _>(&mut line, &self.slot.to_le_bytes());
        put::<49, 89, _>(&mut line, self.seed);
        put::<81, 89, _>(&mut line, &self.next_end.to_le_bytes());
        log(&line);
    }
}

pub struct Proposed<'a> {
    pub network: &'a Address,
    pub epoch: i64,
    pub round: u64,
    pub attestation: &'a [u8; 32],
}

impl Proposed<'_> {
    pub fn emit(&self) {
        let mut line = [17; 81];
        put::<1, 81, _>(&mut line, self.network.as_array());
        put::<33, 81, _>(&mut line, &self.epoch.to_le_bytes());
        put::<41, 81, _>(&mut line, &self.round.to_le_bytes());
        put::<49, 81, _>(&mut line, self.attestation);
        log(&line);
    }
}

pub struct RoundBegan<'a> {
    pub network: &'a Address,
    pub epoch: i64,
    pub round: u64,
    pub slot: u64,
}

impl RoundBegan<'_> {
    pub fn emit(&self) {
        let mut line = [18; 57];
        put::<1, 57, _>(&mut line, self.network.as_array());
        put::<33, 57, _>(&mut line, &self.epoch.to_le_bytes());
        put::<41, 57, _>(&mut line, &self.round.to_le_bytes());
        put::<49, 57, _>(&mut line, &self.slot.to_le_bytes());
        log(&line);
    }
}

/// reached: 1 when this vote made the quorum
pub struct Voted<'a> {
    pub network: &'a Address,
    pub epoch: i64,
    pub round: u64,
    pub seats: u64,
    pub reached: u8,
}

impl Voted<'_> {
    pub fn emit(&self) {
        let mut line = [19; 58];
        put::<1, 58, _>(&mut line, self.network.as_array());
        put::<33, 58, _>(&mut line, &self.epoch.to_le_bytes());
        put::<41, 58, _>(&mut line, &self.round.to_le_bytes());
        put::<49, 58, _>(&mut line, &self.seats.to_le_bytes());
        put::<57, 58, _>(&mut line, &self.reached.to_le_bytes());
        log(&line);
    }
}

pub struct Finalized<'a> {
    pub network: &'a Address,
    pub epoch: i64,
    pub slot: u64,
    pub attestation: &'a [u8; 32],
    pub paid: u64,
    pub charged: u64,
}

impl Finalized<'_> {
    pub fn emit(&self) {
        let mut line = [20; 97];
        put::<1, 97, _>(&mut line, self.network.as_array());
        put::<33, 97, _>(&mut line, &self.epoch.to_le_bytes());
        put::<41, 97, _>(&mut line, &self.slot.to_le_bytes());
        put::<49, 97, _>(&mut line, self.attestation);
        put::<81, 97, _>(&mut line, &self.paid.to_le_bytes());
        put::<89, 97, _>(&mut line, &self.charged.to_le_bytes());
        log(&line);
    }
}

pub struct DisputeOpened<'a> {
    pub network: &'a Address,
    pub epoch: i64,
    pub ledger: u8,
    pub index: u64,
    pub disputer: &'a Address,
}

impl DisputeOpened<'_> {
    pub fn emit(&self) {
        let mut line = [21; 82];
        put::<1, 82, _>(&mut line, self.network.as_array());
        put::<33, 82, _>(&mut line, &self.epoch.to_le_bytes());
        put::<41, 82, _>(&mut line, &self.ledger.to_le_bytes());
        put::<42, 82, _>(&mut line, &self.index.to_le_bytes());
        put::<50, 82, _>(&mut line, self.disputer.as_array());
        log(&line);
    }
}

pub struct DisputeProven<'a> {
    pub network: &'a Address,
    pub epoch: i64,
    pub round: u64,
    pub ledger: u8,
    pub index: u64,
    pub burned: u64,
    pub reward: u64,
}

impl DisputeProven<'_> {
    pub fn emit(&self) {
        let mut line = [22; 74];
        put::<1, 74, _>(&mut line, self.network.as_array());
        put::<33, 74, _>(&mut line, &self.epoch.to_le_bytes());
        put::<41, 74, _>(&mut line, &self.round.to_le_bytes());
        put::<49, 74, _>(&mut line, &self.ledger.to_le_bytes());
        put::<50, 74, _>(&mut line, &self.index.to_le_bytes());
        put::<58, 74, _>(&mut line, &self.burned.to_le_bytes());
        put::<66, 74, _>(&mut line, &self.reward.to_le_bytes());
        log(&line);
    }
}

pub struct PageOpened<'a> {
    pub network: &'a Address,
    pub number: u32,
}

impl PageOpened<'_> {
    pub fn emit(&self) {
        let mut line = [23; 37];
        put::<1, 37, _>(&mut line, self.network.as_array());
        put::<33, 37, _>(&mut line, &self.number.to_le_bytes());
        log(&line);
    }
}

pub struct Claimed<'a> {
    pub network: &'a Address,
    pub index: u32,
    pub wallet: &'a Address,
    pub paid: u64,
    pub fee: u64,
    pub claimed: u64,
}

impl Claimed<'_> {
    pub fn emit(&self) {
        let mut line = [24; 93];
        put::<1, 93, _>(&mut line, self.network.as_array());
        put::<33, 93, _>(&mut line, &self.index.to_le_bytes());
        put::<37, 93, _>(&mut line, self.wallet.as_array());
        put::<69, 93, _>(&mut line, &self.paid.to_le_bytes());
        put::<77, 93, _>(&mut line, &self.fee.to_le_bytes());
        put::<85, 93, _>(&mut line, &self.claimed.to_le_bytes());
        log(&line);
    }
}

pub struct Slashed<'a> {
    pub network: &'a Address,
    pub id: u32,
    pub amount: u64,
    pub slashed: u64,
}

impl Slashed<'_> {
    pub fn emit(&self) {
        let mut line = [25; 53];
        put::<1, 53, _>(&mut line, self.network.as_array());
        put::<33, 53, _>(&mut line, &self.id.to_le_bytes());
        put::<37, 53, _>(&mut line, &self.amount.to_le_bytes());
        put::<45, 53, _>(&mut line, &self.slashed.to_le_bytes());
        log(&line);
    }
}

pub struct DisputeClosed<'a> {
    pub network: &'a Address,
    pub epoch: i64,
    pub ledger: u8,
    pub index: u64,
    pub disputer: &'a Address,
}

impl DisputeClosed<'_> {
    pub fn emit(&self) {
        let mut line = [26; 82];
        put::<1, 82, _>(&mut line, self.network.as_array());
        put::<33, 82, _>(&mut line, &self.epoch.to_le_bytes());
        put::<41, 82, _>(&mut line, &self.ledger.to_le_bytes());
        put::<42, 82, _>(&mut line, &self.index.to_le_bytes());
        put::<50, 82, _>(&mut line, self.disputer.as_array());
        log(&line);
    }
}

