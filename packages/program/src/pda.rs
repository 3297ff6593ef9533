//! Makes accounts at the canonical address of their seeds.

use crate::Error;
use crate::account::{State, open_new};
use crate::call::{Call, MAX_SEEDS, Right};
use pinocchio::sysvars::Sysvar;
use pinocchio::sysvars::rent::Rent;
use pinocchio::{AccountView, Address};

/// Of the system program.
const TRANSFER: u8 = 2;
const ALLOCATE: u8 = 8;
const ASSIGN: u8 = 1;

/// What is made, and at which seeds.
pub struct Place<'a> {
    pub program: &'a Address,
    pub seeds: &'a [&'a [u8]],
    pub owner: &'a Address,
    pub size: usize,
}

/// Makes an account of this program and opens it: all zero but for kind, version and bump.
#[inline(always)]
pub fn create_state<'a, T: State>(
    program: &Address,
    payer: &AccountView,
    account: &'a AccountView,
    seeds: &[&[u8]],
) -> Result<&'a mut T, Error> {
    let mut bump = 0;
    create(&Place { program, seeds, owner: program, size: size_of::<T>() }, payer, account, &mut bump)?;
    open_new::<T>(account, bump)
}

/// Anyone can send lamports to a predictable address: this tops up, allocates and assigns.
#[inline(never)]
pub fn create(place: &Place, payer: &AccountView, account: &AccountView, bump: &mut u8) -> Result<(), Error> {
    if !account.owned_by(&pinocchio_system::ID) || !account.is_data_empty() {
        return Err(Error::AlreadyExists);
    }
    let (address, found) = find(place)?;
    if address != *account.address() {
        return Err(Error::WrongAddress);
    }
    *bump = found;
    let bump_seed = [found];
    let mut seeds: [&[u8]; MAX_SEEDS] = [&bump_seed; MAX_SEEDS];
    for (slot, seed) in seeds.iter_mut().zip(place.seeds) {
        *slot = seed;
    }
    let seeds = seeds.get(..=place.seeds.len()).ok_or(Error::WrongAddress)?;

    let missing = Rent::get()?.try_minimum_balance(place.size)?.saturating_sub(account.lamports());
    let system = |data: &[u8], accounts: &[(&AccountView, Right)]| {
        Call { program: &pinocchio_system::ID, accounts, data, seeds }.invoke();
    };
    if missing > 0 {
        let accounts = [(payer, Right::WriteAndSign), (account, Right::Write)];
        system(&with_number(TRANSFER, missing), &accounts);
    }
    let accounts = [(account, Right::WriteAndSign)];
    system(&with_number(ALLOCATE, place.size as u64), &accounts);
    let mut assign = [0; 36];
    assign[0] = ASSIGN;
    assign[4..].copy_from_slice(place.owner.as_array());
    system(&assign, &accounts);
    Ok(())
}

fn with_number(instruction: u8, number: u64) -> [u8; 12] {
    let mut data = [0; 12];
    data[0] = instruction;
    data[4..].copy_from_slice(&number.to_le_bytes());
    data
}

/// The search happens once, when an account is made; from then on its bump is stored.
#[cfg(target_arch = "bpf")]
fn find(place: &Place) -> Result<(Address, u8), Error> {
    Address::try_find_program_address(place.seeds, place.program).ok_or(Error::WrongAddress)
}

/// Accounts are made on the chain alone.
#[cfg(not(target_arch = "bpf"))]
fn find(_: &Place) -> Result<(Address, u8), Error> {
    Err(Error::WrongAddress)
}
