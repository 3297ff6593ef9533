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

/// Every account but the Network says which network it belongs to.
pub trait OfNetwork: State {
    fn network(&self) -> &Address;
}

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
fn begin_writing(program: &Address, view: &mut AccountView, kind: u8, size: usize) -> Result<(), Error> {
    forget(view.try_borrow_mut()?);
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
pub fn open_mut<'a, T: State>(program: &Address, view: &'a mut AccountView) -> Result<&'a mut T, Error> {
    begin_writing(program, view, T::KIND, size_of::<T>())?;
    // SAFETY: as in `open`, and while it is borrowed nobody opens it again.
    Ok(unsafe { &mut *view.data_mut_ptr().cast::<T>() })
}

/// Opens an account of this network to read it.
#[inline(always)]
pub fn open_in<'a, T: OfNetwork>(
    program: &Address,
    network: &Address,
    view: &'a AccountView,
) -> Result<&'a T, Error> {
    let state = open::<T>(program, view)?;
    if state.network() == network { Ok(state) } else { Err(Error::WrongNetwork) }
}

/// Opens an account of this network to change it.
#[inline(always)]
pub fn open_mut_in<'a, T: OfNetwork>(
    program: &Address,
    network: &Address,
    view: &'a mut AccountView,
) -> Result<&'a mut T, Error> {
    let state = open_mut::<T>(program, view)?;
    if state.network() == network { Ok(state) } else { Err(Error::WrongNetwork) }
}

/// Opens an account that was just made: all zero, and so of no kind yet.
#[inline(always)]
pub fn open_new<T: State>(view: &mut AccountView) -> Result<&mut T, Error> {
    write_kind(view, T::KIND, size_of::<T>())?;
    // SAFETY: as in `open_mut`.
    Ok(unsafe { &mut *view.data_mut_ptr().cast::<T>() })
}

#[inline(never)]
fn write_kind(view: &mut AccountView, kind: u8, size: usize) -> Result<(), Error> {
    forget(view.try_borrow_mut()?);
    // SAFETY: just borrowed, and nobody else knows.
    let data = unsafe { view.borrow_unchecked_mut() };
    if data.len() != size {
        return Err(Error::WrongKind);
    }
    data[0] = kind;
    data[1] = VERSION;
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

#[inline(always)]
pub fn signer(view: &AccountView) -> Result<(), Error> {
    if view.is_signer() { Ok(()) } else { Err(Error::NotSigner) }
}

#[inline(always)]
pub fn writable(view: &AccountView) -> Result<(), Error> {
    if view.is_writable() { Ok(()) } else { Err(Error::NotWritable) }
}

/// From `MIN` to `MAX` accounts, each of which signs.
#[inline(always)]
pub fn signers<const MIN: usize, const MAX: usize>(views: &[AccountView]) -> Result<(), Error> {
    if views.len() < MIN || views.len() > MAX {
        return Err(Error::WrongAccountCount);
    }
    views.iter().try_for_each(signer)
}

/// An optional account that is left out is given as the program itself.
#[inline(always)]
pub fn optional<'a>(program: &Address, view: &'a mut AccountView) -> Option<&'a mut AccountView> {
    if view.address() == program { None } else { Some(view) }
}

#[inline(never)]
pub fn is_token_program(view: &AccountView) -> Result<(), Error> {
    if *view.address() == pinocchio_token::ID { Ok(()) } else { Err(Error::WrongProgram) }
}

#[inline(never)]
pub fn is_system_program(view: &AccountView) -> Result<(), Error> {
    if *view.address() == pinocchio_system::ID { Ok(()) } else { Err(Error::WrongProgram) }
}
