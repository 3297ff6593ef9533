//! Opens accounts in place, and checks that they are what an instruction asks for.
//!
//! Only this program writes accounts that it owns, and it makes every one at its canonical address. So
//! an owned account of the right kind, network and number is the one account at those seeds: comparing
//! these fields is enough, and cheaper than deriving the address again.

use crate::Error;
use pinocchio::account::{Ref, RefMut};
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

fn check<T: State>(program: &Address, view: &AccountView, data: &[u8]) -> Result<(), Error> {
    if !view.owned_by(program) {
        return Err(Error::WrongOwner);
    }
    let [kind, version, ..] = data else {
        return Err(Error::WrongKind);
    };
    if *kind != T::KIND || data.len() != size_of::<T>() {
        return Err(Error::WrongKind);
    }
    if *version != VERSION {
        return Err(Error::WrongVersion);
    }
    Ok(())
}

/// Opens an account to read it.
#[inline(always)]
pub fn open<'a, T: State>(program: &Address, view: &'a AccountView) -> Result<Ref<'a, T>, Error> {
    let data = view.try_borrow()?;
    check::<T>(program, view, &data)?;
    // SAFETY: the length is T's, the runtime aligns account data to 8, and any bytes are a valid T.
    Ok(Ref::map(data, |bytes| unsafe { &*bytes.as_ptr().cast::<T>() }))
}

/// Opens an account to change it.
#[inline(always)]
pub fn open_mut<'a, T: State>(program: &Address, view: &'a mut AccountView) -> Result<RefMut<'a, T>, Error> {
    check::<T>(program, view, &*view.try_borrow()?)?;
    let data = view.try_borrow_mut()?;
    // SAFETY: as in `open`; the borrow is exclusive.
    Ok(RefMut::map(data, |bytes| unsafe { &mut *bytes.as_mut_ptr().cast::<T>() }))
}

/// Opens an account of this network to read it.
#[inline(always)]
pub fn open_in<'a, T: OfNetwork>(
    program: &Address,
    network: &Address,
    view: &'a AccountView,
) -> Result<Ref<'a, T>, Error> {
    let state = open::<T>(program, view)?;
    if state.network() != network {
        return Err(Error::WrongNetwork);
    }
    Ok(state)
}

/// Opens an account of this network to change it.
#[inline(always)]
pub fn open_mut_in<'a, T: OfNetwork>(
    program: &Address,
    network: &Address,
    view: &'a mut AccountView,
) -> Result<RefMut<'a, T>, Error> {
    let state = open_mut::<T>(program, view)?;
    if state.network() != network {
        return Err(Error::WrongNetwork);
    }
    Ok(state)
}

/// Opens an account that was just made: all zero, and so of no kind yet.
pub fn open_new<T: State>(view: &mut AccountView) -> Result<RefMut<'_, T>, Error> {
    let mut data = view.try_borrow_mut()?;
    if data.len() != size_of::<T>() {
        return Err(Error::WrongKind);
    }
    data[0] = T::KIND;
    data[1] = VERSION;
    // SAFETY: as in `open_mut`.
    Ok(RefMut::map(data, |bytes| unsafe { &mut *bytes.as_mut_ptr().cast::<T>() }))
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

#[inline(always)]
pub fn is_token_program(view: &AccountView) -> Result<(), Error> {
    if *view.address() == pinocchio_token::ID { Ok(()) } else { Err(Error::WrongProgram) }
}

#[inline(always)]
pub fn is_system_program(view: &AccountView) -> Result<(), Error> {
    if *view.address() == pinocchio_system::ID { Ok(()) } else { Err(Error::WrongProgram) }
}
