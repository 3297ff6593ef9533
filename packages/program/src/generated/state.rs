// Made from idl.json by generate/main.ts: change that file, not this one.

use crate::account::{NETWORK_AT, OfNetwork, State};
use crate::memory::Plain;
use core::mem::{offset_of, size_of};
use pinocchio::Address;

pub const EPOCH_RING: usize = 4;
pub const KEPT_ROOTS: usize = 16;
pub const SEATS: usize = 64;
pub const ROSTER_ENTRIES: usize = 80;
pub const PAGE_ENTRIES: usize = 1024;
pub const ACTIVATIONS_PER_EPOCH: usize = 4;
pub const STATE_EMPTY: u8 = 0;
pub const STATE_OPEN: u8 = 1;
pub const STATE_SEALED: u8 = 2;
pub const STATE_FINAL: u8 = 3;
pub const POST_INVENTORY: u8 = 0;
pub const POST_COMMIT: u8 = 1;
pub const POST_HOLDING: u8 = 2;
pub const LEDGER_ACCOUNTS: u8 = 0;
pub const LEDGER_JOBS: u8 = 1;
pub const LEDGER_SLASHES: u8 = 2;
pub const RULE_PIECE: u8 = 0;
pub const RULE_SHARE: u8 = 1;

/// What the authority may set, within hard bounds. Times in slots unless the name says epochs; *_bps in hundredths of a percent.
#[repr(C)]
#[derive(Clone, Copy, PartialEq)]
pub struct Params {
    /// least deposit of a job
    pub min_deposit: u64,
    /// least stake of a verifier
    pub min_stake: u64,
    /// most a carrier of a claim may take
    pub max_claim_fee: u64,
    /// most that claims under young roots pay per window
    pub outflow_limit: u64,
    /// L, the least length of an epoch
    pub length: u32,
    pub grace: u32,
    pub inventory: u32,
    pub margin: u32,
    pub challenge: u32,
    pub commit: u32,
    pub reveal: u32,
    pub round: u32,
    pub dispute: u32,
    /// age of a root from which claims ignore the outflow limit
    pub maturity: u32,
    pub outflow_window: u32,
    pub max_pause: u32,
    /// from a verifier's exit to the withdrawal of its stake
    pub cooldown_epochs: u32,
    pub inactive_epochs: u32,
    pub evidence_epochs: u32,
    pub carry_epochs: u32,
    pub bar_epochs: u32,
    pub idle_epochs: u32,
    pub judge_epochs: u32,
    pub appeal_epochs: u32,
    pub retain_epochs: u32,
    /// per epoch
    pub max_enrolments: u32,
    pub trial_rows: u32,
    /// default draw rate, parts per million
    pub rate_ppm: u32,
    /// copied into a job when it is made
    pub verifier_bps: u16,
    /// copied into a job when it is made
    pub settle_bps: u16,
    pub bounty_bps: u16,
    /// of a stake, per epoch
    pub max_slash_bps: u16,
    /// two different reveals
    pub slash_reveals_bps: u16,
    /// a T revealed for rows that evidence contradicts
    pub slash_trace_bps: u16,
    /// false evidence
    pub slash_evidence_bps: u16,
    /// of a stint
    pub checkers: u8,
    /// leading zero bits of an enrolment's stamp
    pub stamp_bits: u8,
    /// of the blob with the parameters of kinds
    pub kinds_hash: [u8; 32],
}

const _: () = {
    assert!(offset_of!(Params, min_deposit) == 0);
    assert!(offset_of!(Params, min_stake) == 8);
    assert!(offset_of!(Params, max_claim_fee) == 16);
    assert!(offset_of!(Params, outflow_limit) == 24);
    assert!(offset_of!(Params, length) == 32);
    assert!(offset_of!(Params, grace) == 36);
    assert!(offset_of!(Params, inventory) == 40);
    assert!(offset_of!(Params, margin) == 44);
    assert!(offset_of!(Params, challenge) == 48);
    assert!(offset_of!(Params, commit) == 52);
    assert!(offset_of!(Params, reveal) == 56);
    assert!(offset_of!(Params, round) == 60);
    assert!(offset_of!(Params, dispute) == 64);
    assert!(offset_of!(Params, maturity) == 68);
    assert!(offset_of!(Params, outflow_window) == 72);
    assert!(offset_of!(Params, max_pause) == 76);
    assert!(offset_of!(Params, cooldown_epochs) == 80);
    assert!(offset_of!(Params, inactive_epochs) == 84);
    assert!(offset_of!(Params, evidence_epochs) == 88);
    assert!(offset_of!(Params, carry_epochs) == 92);
    assert!(offset_of!(Params, bar_epochs) == 96);
    assert!(offset_of!(Params, idle_epochs) == 100);
    assert!(offset_of!(Params, judge_epochs) == 104);
    assert!(offset_of!(Params, appeal_epochs) == 108);
    assert!(offset_of!(Params, retain_epochs) == 112);
    assert!(offset_of!(Params, max_enrolments) == 116);
    assert!(offset_of!(Params, trial_rows) == 120);
    assert!(offset_of!(Params, rate_ppm) == 124);
    assert!(offset_of!(Params, verifier_bps) == 128);
    assert!(offset_of!(Params, settle_bps) == 130);
    assert!(offset_of!(Params, bounty_bps) == 132);
    assert!(offset_of!(Params, max_slash_bps) == 134);
    assert!(offset_of!(Params, slash_reveals_bps) == 136);
    assert!(offset_of!(Params, slash_trace_bps) == 138);
    assert!(offset_of!(Params, slash_evidence_bps) == 140);
    assert!(offset_of!(Params, checkers) == 142);
    assert!(offset_of!(Params, stamp_bits) == 143);
    assert!(offset_of!(Params, kinds_hash) == 144);
    assert!(size_of::<Params>() == 176);
};

// SAFETY: as an account's.
unsafe impl Plain for Params {}

#[repr(C)]
#[derive(Clone, Copy, PartialEq)]
pub struct LedgerRoot {
    pub root: [u8; 32],
    pub count: u64,
    pub total: u64,
}

const _: () = {
    assert!(offset_of!(LedgerRoot, root) == 0);
    assert!(offset_of!(LedgerRoot, count) == 32);
    assert!(offset_of!(LedgerRoot, total) == 40);
    assert!(size_of::<LedgerRoot>() == 48);
};

// SAFETY: as an account's.
unsafe impl Plain for LedgerRoot {}

#[repr(C)]
#[derive(Clone, Copy, PartialEq)]
pub struct FinalRoot {
    pub epoch: i64,
    /// in which it was finalised
    pub slot: u64,
    pub attestation: [u8; 32],
    pub accounts: LedgerRoot,
    pub jobs: LedgerRoot,
    pub slashes: LedgerRoot,
}

const _: () = {
    assert!(offset_of!(FinalRoot, epoch) == 0);
    assert!(offset_of!(FinalRoot, slot) == 8);
    assert!(offset_of!(FinalRoot, attestation) == 16);
    assert!(offset_of!(FinalRoot, accounts) == 48);
    assert!(offset_of!(FinalRoot, jobs) == 96);
    assert!(offset_of!(FinalRoot, slashes) == 144);
    assert!(size_of::<FinalRoot>() == 192);
};

// SAFETY: as an account's.
unsafe impl Plain for FinalRoot {}

/// Cumulative, in base units of the mint. claimed <= paid <= charged; charged + refunded <= deposited.
#[repr(C)]
#[derive(Clone, Copy, PartialEq)]
pub struct Totals {
    pub deposited: u64,
    /// total of the jobs ledger under the latest final root
    pub charged: u64,
    /// total of the accounts ledger under the latest final root
    pub paid: u64,
    pub claimed: u64,
    pub refunded: u64,
    /// what lies in the stake vault: not cumulative
    pub staked: u64,
    pub slashed: u64,
}

const _: () = {
    assert!(offset_of!(Totals, deposited) == 0);
    assert!(offset_of!(Totals, charged) == 8);
    assert!(offset_of!(Totals, paid) == 16);
    assert!(offset_of!(Totals, claimed) == 24);
    assert!(offset_of!(Totals, refunded) == 32);
    assert!(offset_of!(Totals, staked) == 40);
    assert!(offset_of!(Totals, slashed) == 48);
    assert!(size_of::<Totals>() == 56);
};

// SAFETY: as an account's.
unsafe impl Plain for Totals {}

/// A verifier in the roster; ascending by id.
#[repr(C)]
#[derive(Clone, Copy, PartialEq)]
pub struct Entry {
    pub id: u32,
    pub padding: [u8; 4],
    pub vote_key: Address,
    pub stake: u64,
    /// first epoch it has a seat in
    pub from_epoch: i64,
    /// first epoch it has no seat in; i64::MAX: stays
    pub exit_epoch: i64,
    /// last slot in which it posted for an epoch, proposed or voted, as of the newest seal; at first the slot it joined in
    pub active_slot: u64,
}

const _: () = {
    assert!(offset_of!(Entry, id) == 0);
    assert!(offset_of!(Entry, padding) == 4);
    assert!(offset_of!(Entry, vote_key) == 8);
    assert!(offset_of!(Entry, stake) == 40);
    assert!(offset_of!(Entry, from_epoch) == 48);
    assert!(offset_of!(Entry, exit_epoch) == 56);
    assert!(offset_of!(Entry, active_slot) == 64);
    assert!(size_of::<Entry>() == 72);
};

// SAFETY: as an account's.
unsafe impl Plain for Entry {}

/// A verifier in an epoch's snapshot; ascending by id.
#[repr(C)]
#[derive(Clone, Copy, PartialEq)]
pub struct Seat {
    pub id: u32,
    /// stake >> s, the smallest s that makes the sum less than 2^32
    pub weight: u32,
    pub vote_key: Address,
    pub stake: u64,
    /// last slot in which it posted for the epoch, proposed or voted; for who is new, at least S_{e+1}, when its work begins
    pub active_slot: u64,
    /// means something if its bit in inventory_mask is set
    pub inventory: [u8; 32],
    /// means something if its bit in commit_mask is set
    pub commit: [u8; 32],
}

const _: () = {
    assert!(offset_of!(Seat, id) == 0);
    assert!(offset_of!(Seat, weight) == 4);
    assert!(offset_of!(Seat, vote_key) == 8);
    assert!(offset_of!(Seat, stake) == 40);
    assert!(offset_of!(Seat, active_slot) == 48);
    assert!(offset_of!(Seat, inventory) == 56);
    assert!(offset_of!(Seat, commit) == 88);
    assert!(size_of::<Seat>() == 120);
};

// SAFETY: as an account's.
unsafe impl Plain for Seat {}

/// What the round's proposer proposed; all zero: nothing yet.
#[repr(C)]
#[derive(Clone, Copy, PartialEq)]
pub struct Candidate {
    pub attestation: [u8; 32],
    pub accounts: LedgerRoot,
    pub jobs: LedgerRoot,
    pub slashes: LedgerRoot,
}

const _: () = {
    assert!(offset_of!(Candidate, attestation) == 0);
    assert!(offset_of!(Candidate, accounts) == 32);
    assert!(offset_of!(Candidate, jobs) == 80);
    assert!(offset_of!(Candidate, slashes) == 128);
    assert!(size_of::<Candidate>() == 176);
};

// SAFETY: as an account's.
unsafe impl Plain for Candidate {}

#[repr(C)]
pub struct Network {
    pub kind: u8,
    pub version: u8,
    pub bump: u8,
    pub vault_bump: u8,
    pub stake_bump: u8,
    /// 1 after start
    pub started: u8,
    pub padding: [u8; 2],
    pub creator: Address,
    pub name_hash: [u8; 32],
    pub authority: Address,
    /// zero: none
    pub pending_authority: Address,
    pub mint: Address,
    pub genesis_hash: [u8; 32],
    pub roster: Address,
    pub vault: Address,
    pub stake_vault: Address,
    /// before epoch next_params_from
    pub params: Params,
    /// from epoch next_params_from on
    pub next_params: Params,
    /// i64::MAX: params holds for every epoch
    pub next_params_from: i64,
    /// S_e at e mod 4, for the four newest that are known
    pub starts: [u64; 4],
    /// first epoch that isn't sealed; S is known up to next_seal + 1
    pub next_seal: i64,
    /// -1: none yet
    pub last_final: i64,
    /// id of the next verifier
    pub next_verifier: u32,
    /// index of the next job
    pub next_job: u32,
    pub totals: Totals,
    /// slot in which the outflow window began
    pub outflow_from: u64,
    /// paid in this window under young roots
    pub outflow: u64,
    pub paused_at: u64,
    /// paused while the slot is below
    pub pause_until: u64,
    /// no new pause below this slot
    pub pause_again_from: u64,
    /// of epoch e at e mod 16
    pub roots: [FinalRoot; 16],
}

const _: () = {
    assert!(offset_of!(Network, kind) == 0);
    assert!(offset_of!(Network, version) == 1);
    assert!(offset_of!(Network, bump) == 2);
    assert!(offset_of!(Network, vault_bump) == 3);
    assert!(offset_of!(Network, stake_bump) == 4);
    assert!(offset_of!(Network, started) == 5);
    assert!(offset_of!(Network, padding) == 6);
    assert!(offset_of!(Network, creator) == 8);
    assert!(offset_of!(Network, name_hash) == 40);
    assert!(offset_of!(Network, authority) == 72);
    assert!(offset_of!(Network, pending_authority) == 104);
    assert!(offset_of!(Network, mint) == 136);
    assert!(offset_of!(Network, genesis_hash) == 168);
    assert!(offset_of!(Network, roster) == 200);
    assert!(offset_of!(Network, vault) == 232);
    assert!(offset_of!(Network, stake_vault) == 264);
    assert!(offset_of!(Network, params) == 296);
    assert!(offset_of!(Network, next_params) == 472);
    assert!(offset_of!(Network, next_params_from) == 648);
    assert!(offset_of!(Network, starts) == 656);
    assert!(offset_of!(Network, next_seal) == 688);
    assert!(offset_of!(Network, last_final) == 696);
    assert!(offset_of!(Network, next_verifier) == 704);
    assert!(offset_of!(Network, next_job) == 708);
    assert!(offset_of!(Network, totals) == 712);
    assert!(offset_of!(Network, outflow_from) == 768);
    assert!(offset_of!(Network, outflow) == 776);
    assert!(offset_of!(Network, paused_at) == 784);
    assert!(offset_of!(Network, pause_until) == 792);
    assert!(offset_of!(Network, pause_again_from) == 800);
    assert!(offset_of!(Network, roots) == 808);
    assert!(size_of::<Network>() == 3880);
};

// SAFETY: repr(C), integers and byte arrays alone, no implicit padding: the offsets above say so.
unsafe impl State for Network {
    const KIND: u8 = 1;
}

#[repr(C)]
pub struct Roster {
    pub kind: u8,
    pub version: u8,
    pub bump: u8,
    pub padding: u8,
    pub count: u32,
    pub network: Address,
    /// the first count are in use
    pub entries: [Entry; 80],
}

const _: () = {
    assert!(offset_of!(Roster, kind) == 0);
    assert!(offset_of!(Roster, version) == 1);
    assert!(offset_of!(Roster, bump) == 2);
    assert!(offset_of!(Roster, padding) == 3);
    assert!(offset_of!(Roster, count) == 4);
    assert!(offset_of!(Roster, network) == 8);
    assert!(offset_of!(Roster, entries) == 40);
    assert!(size_of::<Roster>() == 5800);
};

// SAFETY: repr(C), integers and byte arrays alone, no implicit padding: the offsets above say so.
unsafe impl State for Roster {
    const KIND: u8 = 2;
}

const _: () = assert!(offset_of!(Roster, network) == NETWORK_AT);
// SAFETY: as just asserted.
unsafe impl OfNetwork for Roster {}

#[repr(C)]
pub struct Verifier {
    pub kind: u8,
    pub version: u8,
    pub bump: u8,
    /// 1 once its stake has moved here from the roster
    pub retired: u8,
    pub id: u32,
    pub network: Address,
    pub operator: Address,
    pub vote_key: Address,
    /// what is left of the stake, once retired; before, the roster's entry holds it
    pub stake: u64,
    /// once retired: first epoch it had no seat in, -1 if it never had one; i64::MAX before
    pub exit_epoch: i64,
    /// amount of its slashes leaf that has been applied
    pub slashed: u64,
    /// epoch in which it was last slashed; -1: never
    pub slash_epoch: i64,
    /// what may still be slashed in slash_epoch
    pub slash_room: u64,
}

const _: () = {
    assert!(offset_of!(Verifier, kind) == 0);
    assert!(offset_of!(Verifier, version) == 1);
    assert!(offset_of!(Verifier, bump) == 2);
    assert!(offset_of!(Verifier, retired) == 3);
    assert!(offset_of!(Verifier, id) == 4);
    assert!(offset_of!(Verifier, network) == 8);
    assert!(offset_of!(Verifier, operator) == 40);
    assert!(offset_of!(Verifier, vote_key) == 72);
    assert!(offset_of!(Verifier, stake) == 104);
    assert!(offset_of!(Verifier, exit_epoch) == 112);
    assert!(offset_of!(Verifier, slashed) == 120);
    assert!(offset_of!(Verifier, slash_epoch) == 128);
    assert!(offset_of!(Verifier, slash_room) == 136);
    assert!(size_of::<Verifier>() == 144);
};

// SAFETY: repr(C), integers and byte arrays alone, no implicit padding: the offsets above say so.
unsafe impl State for Verifier {
    const KIND: u8 = 3;
}

const _: () = assert!(offset_of!(Verifier, network) == NETWORK_AT);
// SAFETY: as just asserted.
unsafe impl OfNetwork for Verifier {}

#[repr(C)]
pub struct Epoch {
    pub kind: u8,
    pub version: u8,
    pub bump: u8,
    /// number mod 4
    pub ring: u8,
    /// STATE_*
    pub state: u8,
    pub padding: [u8; 3],
    pub network: Address,
    /// start writes -2 and -1 too, for their seeds
    pub number: i64,
    /// S_e
    pub starts_at: u64,
    /// S_{e+1}; u64::MAX until it is known
    pub ends_at: u64,
    /// this and the next six: the parameters of this epoch
    pub grace: u32,
    pub inventory: u32,
    pub margin: u32,
    pub challenge: u32,
    pub commit: u32,
    pub reveal: u32,
    pub round_slots: u32,
    pub dispute: u32,
    /// finalSlot(e-1); 0: not final yet
    pub previous_final_slot: u64,
    /// more than 2/3 of stake had posted inventories; 0: not yet
    pub quorum_slot: u64,
    /// u64::MAX until both are known
    pub target: u64,
    pub sealed_slot: u64,
    pub seed: [u8; 32],
    pub seat_count: u32,
    pub weight_total: u32,
    pub stake_total: u64,
    /// without the dropped seats: quorums are of this
    pub stake_counted: u64,
    /// of counted seats with an inventory
    pub stake_posted: u64,
    /// of counted seats that voted in this round
    pub stake_voted: u64,
    /// bit i: seat i
    pub inventory_mask: u64,
    pub commit_mask: u64,
    /// in this round
    pub vote_mask: u64,
    pub dropped_mask: u64,
    pub round: u64,
    /// its first slot; it lasts round_slots, and then until next_round
    pub round_from: u64,
    /// more than 2/3 of stake had voted; 0: not yet
    pub voted_slot: u64,
    pub candidate: Candidate,
    /// the first seat_count are in use
    pub seats: [Seat; 64],
}

const _: () = {
    assert!(offset_of!(Epoch, kind) == 0);
    assert!(offset_of!(Epoch, version) == 1);
    assert!(offset_of!(Epoch, bump) == 2);
    assert!(offset_of!(Epoch, ring) == 3);
    assert!(offset_of!(Epoch, state) == 4);
    assert!(offset_of!(Epoch, padding) == 5);
    assert!(offset_of!(Epoch, network) == 8);
    assert!(offset_of!(Epoch, number) == 40);
    assert!(offset_of!(Epoch, starts_at) == 48);
    assert!(offset_of!(Epoch, ends_at) == 56);
    assert!(offset_of!(Epoch, grace) == 64);
    assert!(offset_of!(Epoch, inventory) == 68);
    assert!(offset_of!(Epoch, margin) == 72);
    assert!(offset_of!(Epoch, challenge) == 76);
    assert!(offset_of!(Epoch, commit) == 80);
    assert!(offset_of!(Epoch, reveal) == 84);
    assert!(offset_of!(Epoch, round_slots) == 88);
    assert!(offset_of!(Epoch, dispute) == 92);
    assert!(offset_of!(Epoch, previous_final_slot) == 96);
    assert!(offset_of!(Epoch, quorum_slot) == 104);
    assert!(offset_of!(Epoch, target) == 112);
    assert!(offset_of!(Epoch, sealed_slot) == 120);
    assert!(offset_of!(Epoch, seed) == 128);
    assert!(offset_of!(Epoch, seat_count) == 160);
    assert!(offset_of!(Epoch, weight_total) == 164);
    assert!(offset_of!(Epoch, stake_total) == 168);
    assert!(offset_of!(Epoch, stake_counted) == 176);
    assert!(offset_of!(Epoch, stake_posted) == 184);
    assert!(offset_of!(Epoch, stake_voted) == 192);
    assert!(offset_of!(Epoch, inventory_mask) == 200);
    assert!(offset_of!(Epoch, commit_mask) == 208);
    assert!(offset_of!(Epoch, vote_mask) == 216);
    assert!(offset_of!(Epoch, dropped_mask) == 224);
    assert!(offset_of!(Epoch, round) == 232);
    assert!(offset_of!(Epoch, round_from) == 240);
    assert!(offset_of!(Epoch, voted_slot) == 248);
    assert!(offset_of!(Epoch, candidate) == 256);
    assert!(offset_of!(Epoch, seats) == 432);
    assert!(size_of::<Epoch>() == 8112);
};

// SAFETY: repr(C), integers and byte arrays alone, no implicit padding: the offsets above say so.
unsafe impl State for Epoch {
    const KIND: u8 = 4;
}

const _: () = assert!(offset_of!(Epoch, network) == NETWORK_AT);
// SAFETY: as just asserted.
unsafe impl OfNetwork for Epoch {}

#[repr(C)]
pub struct Job {
    pub kind: u8,
    pub version: u8,
    pub bump: u8,
    /// RULE_*
    pub rule: u8,
    /// number of the kind of work
    pub work_kind: u16,
    pub replicas: u8,
    pub padding: u8,
    pub network: Address,
    pub requester: Address,
    pub nonce: u64,
    pub index: u32,
    pub tasks: u32,
    pub max_units: u32,
    pub lease_epochs: u32,
    /// per unit with RULE_PIECE; budget per epoch with RULE_SHARE
    pub price: u64,
    pub cap_price: u64,
    pub deposit: u64,
    pub verifier_bps: u16,
    pub settle_bps: u16,
    pub holder_count: u32,
    pub created_slot: u64,
    /// 0: not open yet
    pub open_slot: u64,
    /// 0: not closed
    pub close_slot: u64,
    pub spec_hash: [u8; 32],
    /// zero: anyone
    pub allow_root: [u8; 32],
    /// verifier ids that have signed that they hold it; the first holder_count are in use
    pub holders: [u32; 64],
}

const _: () = {
    assert!(offset_of!(Job, kind) == 0);
    assert!(offset_of!(Job, version) == 1);
    assert!(offset_of!(Job, bump) == 2);
    assert!(offset_of!(Job, rule) == 3);
    assert!(offset_of!(Job, work_kind) == 4);
    assert!(offset_of!(Job, replicas) == 6);
    assert!(offset_of!(Job, padding) == 7);
    assert!(offset_of!(Job, network) == 8);
    assert!(offset_of!(Job, requester) == 40);
    assert!(offset_of!(Job, nonce) == 72);
    assert!(offset_of!(Job, index) == 80);
    assert!(offset_of!(Job, tasks) == 84);
    assert!(offset_of!(Job, max_units) == 88);
    assert!(offset_of!(Job, lease_epochs) == 92);
    assert!(offset_of!(Job, price) == 96);
    assert!(offset_of!(Job, cap_price) == 104);
    assert!(offset_of!(Job, deposit) == 112);
    assert!(offset_of!(Job, verifier_bps) == 120);
    assert!(offset_of!(Job, settle_bps) == 122);
    assert!(offset_of!(Job, holder_count) == 124);
    assert!(offset_of!(Job, created_slot) == 128);
    assert!(offset_of!(Job, open_slot) == 136);
    assert!(offset_of!(Job, close_slot) == 144);
    assert!(offset_of!(Job, spec_hash) == 152);
    assert!(offset_of!(Job, allow_root) == 184);
    assert!(offset_of!(Job, holders) == 216);
    assert!(size_of::<Job>() == 472);
};

// SAFETY: repr(C), integers and byte arrays alone, no implicit padding: the offsets above say so.
unsafe impl State for Job {
    const KIND: u8 = 5;
}

const _: () = assert!(offset_of!(Job, network) == NETWORK_AT);
// SAFETY: as just asserted.
unsafe impl OfNetwork for Job {}

#[repr(C)]
pub struct ClaimPage {
    pub kind: u8,
    pub version: u8,
    pub bump: u8,
    pub padding: u8,
    /// holds the account indices 1024 * number .. 1024 * number + 1023
    pub number: u32,
    pub network: Address,
    /// ever claimed, at index mod 1024
    pub claimed: [u64; 1024],
}

const _: () = {
    assert!(offset_of!(ClaimPage, kind) == 0);
    assert!(offset_of!(ClaimPage, version) == 1);
    assert!(offset_of!(ClaimPage, bump) == 2);
    assert!(offset_of!(ClaimPage, padding) == 3);
    assert!(offset_of!(ClaimPage, number) == 4);
    assert!(offset_of!(ClaimPage, network) == 8);
    assert!(offset_of!(ClaimPage, claimed) == 40);
    assert!(size_of::<ClaimPage>() == 8232);
};

// SAFETY: repr(C), integers and byte arrays alone, no implicit padding: the offsets above say so.
unsafe impl State for ClaimPage {
    const KIND: u8 = 6;
}

const _: () = assert!(offset_of!(ClaimPage, network) == NETWORK_AT);
// SAFETY: as just asserted.
unsafe impl OfNetwork for ClaimPage {}

#[repr(C)]
pub struct Dispute {
    pub kind: u8,
    pub version: u8,
    pub bump: u8,
    /// LEDGER_*
    pub ledger: u8,
    pub padding: [u8; 4],
    pub network: Address,
    pub disputer: Address,
    /// of the candidate; the leaf is proven under the root of epoch - 1
    pub epoch: i64,
    pub index: u64,
    pub amount: u64,
    pub owner: Address,
}

const _: () = {
    assert!(offset_of!(Dispute, kind) == 0);
    assert!(offset_of!(Dispute, version) == 1);
    assert!(offset_of!(Dispute, bump) == 2);
    assert!(offset_of!(Dispute, ledger) == 3);
    assert!(offset_of!(Dispute, padding) == 4);
    assert!(offset_of!(Dispute, network) == 8);
    assert!(offset_of!(Dispute, disputer) == 40);
    assert!(offset_of!(Dispute, epoch) == 72);
    assert!(offset_of!(Dispute, index) == 80);
    assert!(offset_of!(Dispute, amount) == 88);
    assert!(offset_of!(Dispute, owner) == 96);
    assert!(size_of::<Dispute>() == 128);
};

// SAFETY: repr(C), integers and byte arrays alone, no implicit padding: the offsets above say so.
unsafe impl State for Dispute {
    const KIND: u8 = 7;
}

const _: () = assert!(offset_of!(Dispute, network) == NETWORK_AT);
// SAFETY: as just asserted.
unsafe impl OfNetwork for Dispute {}

