//! Makes accounts at the canonical address of their seeds.

use crate::Error;
use crate::account::State;
use pinocchio::cpi::{Seed, Signer};
use pinocchio::{AccountView, Address};

/// The longest list of seeds (a dispute's), and the bump.
const MAX_SEEDS: usize = 7;

/// Where an account is made, and for whom.
pub struct Place<'a> {
    pub program: &'a Address,
    pub seeds: &'a [&'a [u8]],
    pub owner: &'a Address,
    pub size: usize,
}

/// Makes an account of this program, and returns its bump.
#[inline(always)]
pub fn create_state<T: State>(
    program: &Address,
    payer: &AccountView,
    account: &mut AccountView,
    seeds: &[&[u8]],
) -> Result<u8, Error> {
    create(&Place { program, seeds, owner: program, size: size_of::<T>() }, payer, account)
}

/// Anyone can send lamports to a predictable address: this tops up, allocates and assigns.
#[inline(never)]
pub fn create(place: &Place, payer: &AccountView, account: &mut AccountView) -> Result<u8, Error> {
    if !account.owned_by(&pinocchio_system::ID) || !account.is_data_empty() {
        return Err(Error::AlreadyExists);
    }
    let (address, bump) = find(place)?;
    if address != *account.address() {
        return Err(Error::WrongAddress);
    }
    let bump_seed = [bump];
    let mut seeds: [Seed; MAX_SEEDS] = core::array::from_fn(|_| Seed::from(&bump_seed));
    for (slot, seed) in seeds.iter_mut().zip(place.seeds) {
        *slot = Seed::from(*seed);
    }
    let used = seeds.get(..=place.seeds.len()).ok_or(Error::WrongAddress)?;
    pinocchio_system::create_account_with_minimum_balance_signed(
        account,
        place.size,
        place.owner,
        payer,
        None,
        &[Signer::from(used)],
    )?;
    Ok(bump)
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
