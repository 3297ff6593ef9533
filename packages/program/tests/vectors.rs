//! The shared vectors of test/vectors: what the TypeScript reference computes, byte for byte.

use piecework_program::attestation::Attestation;
use piecework_program::draw;
use piecework_program::hash::{Hash, ZERO};
use piecework_program::ledger::{self, Leaf};
use piecework_program::seed::epoch_seed;
use piecework_program::state::{LedgerRoot, Seat};
use piecework_program::tags::{self, Tag};
use pinocchio::Address;
use serde_json::Value;

fn vectors(name: &str) -> Vec<Value> {
    let path = format!("{}/../../test/vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let entries: Vec<Value> = serde_json::from_str(&text).expect("a list");
    assert!(!entries.is_empty(), "{name} is empty");
    entries
}

fn bytes(value: &Value) -> Vec<u8> {
    let text = value.as_str().expect("hex");
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex")).collect()
}

fn hash(value: &Value) -> Hash {
    bytes(value).try_into().expect("32 bytes")
}

/// Integers of 64 bits are decimal strings, smaller ones are numbers.
fn integer<T: std::str::FromStr>(value: &Value) -> T {
    let text = value.as_str().map_or_else(|| value.to_string(), String::from);
    text.parse().unwrap_or_else(|_| panic!("{text} is no integer of this width"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

#[test]
fn seeds() {
    for entry in vectors("seed.json") {
        let network = Address::from(hash(&entry["networkId"]));
        let seed = epoch_seed(&hash(&entry["slotHash"]), &network, integer(&entry["epoch"]));
        assert_eq!(seed, hash(&entry["seed"]), "{}", entry["name"]);
    }
}

#[test]
fn details() {
    for entry in vectors("detail.json") {
        let rest = hash(&entry["rest"]);
        let detail = match entry["ledger"].as_str() {
            Some("accounts") => {
                ledger::accounts_detail(integer(&entry["minAmount"]), integer(&entry["maxFee"]), &rest)
            }
            Some("jobs") => ledger::jobs_detail(done(&entry["done"]), &rest),
            other => panic!("no ledger {other:?}"),
        };
        assert_eq!(detail, hash(&entry["detail"]), "{}", entry["name"]);
    }
}

fn done(value: &Value) -> bool {
    value.as_bool().unwrap_or_else(|| integer::<u8>(value) == 1)
}

#[test]
fn ledgers() {
    for entry in vectors("ledger.json") {
        let leaves = list(&entry["leaves"]);
        let count = leaves.len() as u64;
        assert_eq!(u64::from(ledger::depth(count)), integer::<u64>(&entry["depth"]), "{}", entry["name"]);
        let root = LedgerRoot { root: hash(&entry["root"]), count, total: 0 };
        assert!(ledger::well_formed(&root), "{}", entry["name"]);
        for (leaf, proof) in leaves.iter().zip(list(&entry["proofs"])) {
            check_leaf(leaf, proof, &root);
        }
        assert_eq!(leaves.len(), list(&entry["proofs"]).len());
    }
}

fn check_leaf(leaf: &Value, proof: &Value, ledger: &LedgerRoot) {
    let owner = Address::from(hash(&leaf["owner"]));
    let detail = hash(&leaf["detail"]);
    let (index, amount) = (integer(&leaf["index"]), integer::<u64>(&leaf["amount"]));
    let proof: Vec<Hash> = list(proof).iter().map(hash).collect();
    let proven = |index: u64, amount: u64, proof: &[Hash]| {
        Leaf { index, amount, owner: &owner, detail: &detail }.prove(ledger, proof).is_ok()
    };
    assert!(proven(index, amount, &proof), "leaf {index}");
    assert!(!proven(index, amount.wrapping_add(1), &proof), "another amount at {index}");
    assert!(!proven(index ^ 1, amount, &proof), "another index than {index}");
    assert!(!proven(index + (1 << proof.len()), amount, &proof), "an index beyond the tree");
    assert!(!proven(index, amount, &[proof.clone(), vec![[0; 32]]].concat()), "a longer proof");
    if let Some((_, shorter)) = proof.split_last() {
        assert!(!proven(index, amount, shorter), "a shorter proof");
    }
}

fn root(value: &Value) -> LedgerRoot {
    LedgerRoot {
        root: hash(&value["root"]),
        count: integer(&value["count"]),
        total: integer(&value["total"]),
    }
}

#[test]
fn attestations() {
    for entry in vectors("attestation.json") {
        let fields = &entry["fields"];
        let network = Address::from(hash(&fields["networkId"]));
        let attestation = Attestation {
            network: &network,
            epoch: integer(&fields["epoch"]),
            round: integer(&fields["round"]),
            seed: &hash(&fields["seed"]),
            facts_hash: &hash(&fields["factsHash"]),
            inputs_root: &hash(&fields["inputsRoot"]),
            previous: &hash(&fields["previous"]),
            accounts: &root(&fields["accounts"]),
            jobs: &root(&fields["jobs"]),
            slashes: &root(&fields["slashes"]),
            nodes_root: &hash(&fields["nodesRoot"]),
            workforce_root: &hash(&fields["workforceRoot"]),
            state_hash: &hash(&fields["stateHash"]),
        };
        assert_eq!(attestation.hash(), hash(&entry["hash"]), "{}", entry["name"]);
    }
}

#[test]
fn weighted_draws() {
    for entry in vectors("weighted.json") {
        let name = &entry["name"];
        let tag = tags::tag(entry["tag"].as_str().expect("a tag"));
        let seats: Vec<Seat> = list(&entry["candidates"]).iter().map(seat).collect();
        let (seed, context) = (hash(&entry["seed"]), bytes(&entry["context"]));
        let expected: Vec<u32> = list(&entry["drawn"]).iter().map(integer).collect();
        let drawn =
            draw_all(&Draw { tag: &tag, seed: &seed, context: &context }, &seats, integer(&entry["count"]));
        assert_eq!(drawn, expected, "{name}");
        if tag == tags::PROPOSER {
            let round = u64::from_le_bytes(context.try_into().expect("a round"));
            let place = draw::proposer(&seed, round, &seats, total(&seats));
            assert_eq!(place.map(|place| seats[place].id), expected.first().copied(), "{name}");
        }
    }
}

fn seat(value: &Value) -> Seat {
    Seat {
        id: integer(&value["id"]),
        weight: integer(&value["weight"]),
        vote_key: Address::from(ZERO),
        stake: 0,
        active_slot: 0,
        inventory: ZERO,
        commit: ZERO,
    }
}

fn total(seats: &[Seat]) -> u32 {
    seats.iter().map(|seat| seat.weight).sum()
}

struct Draw<'a> {
    tag: &'a Tag,
    seed: &'a Hash,
    context: &'a [u8],
}

/// Without replacement: who is drawn takes no part in the next draw.
fn draw_all(draw: &Draw, seats: &[Seat], count: usize) -> Vec<u32> {
    let mut left = seats.to_vec();
    let mut drawn = Vec::new();
    while drawn.len() < count {
        let x = draw::number(draw.tag, draw.seed, draw.context, drawn.len() as u32);
        let Some(place) = draw::pick(x, left.iter().map(|seat| seat.weight), total(&left)) else {
            break;
        };
        drawn.push(left.remove(place).id);
    }
    drawn
}
