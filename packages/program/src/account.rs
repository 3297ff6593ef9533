//! Opens accounts in place, and checks that they are what an instruction asks for.
//!
//! Only this program writes accounts that it owns, and it makes every one at its canonical address. So
//! an owned account of the right kind, network and number is the one account at those seeds: comparing
//! these fields is enough, and cheaper than deriving the address again.

use crate::Error;
use crate::math::add;
use core::mem::forget;
use pinocchio::{AccountView, Address};

pub const VERSION: u8 = 1;

/// An account of this program.
///
/// # Safety
/// The type is repr(C), holds any bytes validly, has no implicit padding and an alignment of at most 8.
pub unsafe trait State: Sized {
    const KIND: u8;
}

/// Where every account but the Network says which network it belongs to.
pub const NETWORK_AT: usize = 8;

/// An account that belongs to a network.
///
/// # Safety
/// The network's address is at NETWORK_AT.
pub unsafe trait OfNetwork: State {}

#[inline(always)]
fn check(program: &Address, view: &AccountView, kind: u8, size: usize) -> Result<(), Error> {
    if !view.owned_by(program) {
        return Err(Error::WrongOwner);
    }
    // SAFETY: whoever calls has just borrowed it.
    let data = unsafe { view.borrow_unchecked() };
    let [its_kind, version, ..] = data else {
        return Err(Error::WrongKind);
    };
    if *its_kind != kind || data.len() != size {
        return Err(Error::WrongKind);
    }
    if *version == VERSION { Ok(()) } else { Err(Error::WrongVersion) }
}

/// The guard is never given back, so that no way out of an instruction has to: an account that was opened
/// stays so to its end.
#[inline(never)]
fn begin_reading(program: &Address, view: &AccountView, kind: u8, size: usize) -> Result<(), Error> {
    forget(view.try_borrow()?);
    check(program, view, kind, size)
}

#[inline(never)]
fn begin_writing(program: &Address, view: &AccountView, kind: u8, size: usize) -> Result<(), Error> {
    let mut copy = *view;
    forget(copy.try_borrow_mut()?);
    check(program, view, kind, size)
}

/// Opens an account to read it.
#[inline(always)]
pub fn open<'a, T: State>(program: &Address, view: &'a AccountView) -> Result<&'a T, Error> {
    begin_reading(program, view, T::KIND, size_of::<T>())?;
    // SAFETY: the length is T's, the runtime aligns account data to 8, any bytes are a valid T, and while
    // it is borrowed nobody opens it to change it.
    Ok(unsafe { &*view.data_ptr().cast::<T>() })
}

/// Opens an account to change it.
#[inline(always)]
pub fn open_mut<'a, T: State>(program: &Address, view: &'a AccountView) -> Result<&'a mut T, Error> {
    begin_writing(program, view, T::KIND, size_of::<T>())?;
    // SAFETY: as in `open`, and while it is borrowed nobody opens it again.
    Ok(unsafe { &mut *view.data_ptr().cast_mut().cast::<T>() })
}

/// Opens an account of this network to read it.
#[inline(always)]
pub fn open_in<'a, T: OfNetwork>(
    program: &Address,
    network: &Address,
    view: &'a AccountView,
) -> Result<&'a T, Error> {
    begin_reading_in(program, network, view, T::KIND, size_of::<T>())?;
    // SAFETY: as in `open`.
    Ok(unsafe { &*view.data_ptr().cast::<T>() })
}

/// Opens an account of this network to change it.
#[inline(always)]
pub fn open_mut_in<'a, T: OfNetwork>(
    program: &Address,
    network: &Address,
    view: &'a AccountView,
) -> Result<&'a mut T, Error> {
    begin_writing_in(program, network, view, T::KIND, size_of::<T>())?;
    // SAFETY: as in `open_mut`.
    Ok(unsafe { &mut *view.data_ptr().cast_mut().cast::<T>() })
}

#[inline(never)]
fn begin_reading_in(
    program: &Address,
    network: &Address,
    view: &AccountView,
    kind: u8,
    size: usize,
) -> Result<(), Error> {
    begin_reading(program, view, kind, size)?;
    check_network(network, view)
}

#[inline(never)]
fn begin_writing_in(
    program: &Address,
    network: &Address,
    view: &AccountView,
    kind: u8,
    size: usize,
) -> Result<(), Error> {
    begin_writing(program, view, kind, size)?;
    check_network(network, view)
}

/// Of an account that was checked: it is long enough.
#[inline(never)]
fn check_network(network: &Address, view: &AccountView) -> Result<(), Error> {
    // SAFETY: an address is bytes, and every account of a network has it there.
    let its = unsafe { &*view.data_ptr().add(NETWORK_AT).cast::<Address>() };
    if its == network { Ok(()) } else { Err(Error::WrongNetwork) }
}

/// Whether this account is at that address.
#[inline(never)]
pub fn check_is(view: &AccountView, address: &Address, otherwise: Error) -> Result<(), Error> {
    if view.address() == address { Ok(()) } else { Err(otherwise) }
}

/// Opens an account that was just made: all zero, and so of no kind yet. Its bump is in the third byte.
#[inline(always)]
pub fn open_new<T: State>(view: &AccountView, bump: u8) -> Result<&mut T, Error> {
    begin_new(view, T::KIND, bump)?;
    // SAFETY: as in `open_mut`.
    Ok(unsafe { &mut *view.data_ptr().cast_mut().cast::<T>() })
}

#[inline(never)]
fn begin_new(view: &AccountView, kind: u8, bump: u8) -> Result<(), Error> {
    let mut copy = *view;
    let mut data = copy.try_borrow_mut()?;
    if let Some(header) = data.first_chunk_mut() {
        *header = [kind, VERSION, bump];
    }
    forget(data);
    Ok(())
}

/// Closes an account of this program that nothing refers to any more: the rent goes to `to`, and what is
/// at the address from then on is no account of this program.
pub fn close(view: &mut AccountView, to: &mut AccountView) -> Result<(), Error> {
    to.set_lamports(add(to.lamports(), view.lamports())?);
    // SAFETY: what was opened borrows the view, and so can't be in use any more.
    unsafe { view.close_unchecked() };
    Ok(())
}

/// What an account of an instruction must be, or may be: idl.json's words, as bits.
pub const SIGNER: u8 = 1;
pub const WRITABLE: u8 = 2;
pub const OPTIONAL: u8 = 4;
pub const TOKEN_PROGRAM: u8 = 8;
pub const SYSTEM_PROGRAM: u8 = 9;
/// Each takes four bits of a number, the first account's the lowest: no table in memory.
const RIGHT_BITS: usize = 4;

/// Checks an instruction's accounts against their rights: one loop for all instructions, as the program has
/// to stay small.
#[inline(never)]
fn check_rights(program: &Address, accounts: &[AccountView], rights: u64) -> Result<(), Error> {
    let mut rights = rights;
    for view in accounts {
        let right = (rights & 0xf) as u8;
        rights >>= RIGHT_BITS;
        check_right(program, view, right)?;
    }
    Ok(())
}

#[inline(always)]
fn check_right(program: &Address, view: &AccountView, right: u8) -> Result<(), Error> {
    if right >= TOKEN_PROGRAM {
        let expected = if right == TOKEN_PROGRAM { &pinocchio_token::ID } else { &pinocchio_system::ID };
        return if view.address() == expected { Ok(()) } else { Err(Error::WrongProgram) };
    }
    if right & OPTIONAL != 0 && view.address() == program {
        return Ok(());
    }
    if right & SIGNER != 0 && !view.is_signer() {
        return Err(Error::NotSigner);
    }
    if right & WRITABLE != 0 && !view.is_writable() { Err(Error::NotWritable) } else { Ok(()) }
}

const fn packed<const N: usize>(rights: [u8; N]) -> u64 {
    assert!(N * RIGHT_BITS <= u64::BITS as usize);
    let mut packed = 0;
    let mut place = N;
    while place > 0 {
        place -= 1;
        packed = packed << RIGHT_BITS | rights[place] as u64;
    }
    packed
}

/// The rights of all accounts of an instruction.
pub trait Rights<const N: usize> {
    const EACH: [u8; N];
    const PACKED: u64 = packed(Self::EACH);
}

/// The accounts of an instruction that takes just these.
#[inline(always)]
pub fn exactly<'a, R: Rights<N>, const N: usize>(
    program: &Address,
    accounts: &'a mut [AccountView],
) -> Result<&'a mut [AccountView; N], Error> {
    let accounts: &mut [AccountView; N] = accounts.try_into().map_err(|_| Error::WrongAccountCount)?;
    check_rights(program, accounts, R::PACKED)?;
    Ok(accounts)
}

/// The accounts of an instruction, and from `MIN` to `MAX` more, each of which signs.
#[inline(always)]
pub fn with_signers<'a, R: Rights<N>, const N: usize, const MIN: usize, const MAX: usize>(
    program: &Address,
    accounts: &'a mut [AccountView],
) -> Result<(&'a mut [AccountView; N], &'a mut [AccountView]), Error> {
    // As many as the rights of one number; the others would not be checked.
    const { assert!(MAX * RIGHT_BITS <= u64::BITS as usize) };
    let (accounts, signers) = accounts.split_first_chunk_mut::<N>().ok_or(Error::WrongAccountCount)?;
    check_rights(program, accounts, R::PACKED)?;
    if signers.len() < MIN || signers.len() > MAX {
        return Err(Error::WrongAccountCount);
    }
    check_rights(program, signers, u64::MAX / 0xf * SIGNER as u64)?;
    Ok((accounts, signers))
}

/// An optional account that is left out is given as the program itself.
#[inline(always)]
pub fn optional<'a>(program: &Address, view: &'a mut AccountView) -> Option<&'a mut AccountView> {
    if view.address() == program { None } else { Some(view) }
}
