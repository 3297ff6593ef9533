//! The classic token program: the only one this program speaks to.

use crate::Error;
use crate::call::{Call, Right};
use crate::hash::sha256;
use crate::pda::{self, Place};
use pinocchio::{AccountView, Address};
use pinocchio_token::state::{Account, Mint};

const ASSOCIATED_PROGRAM: Address = Address::from_str_const("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");
/// Ends what the address of a program's account is the hash of.
const PDA_MARKER: &[u8] = b"ProgramDerivedAddress";

/// Of the token program.
const TRANSFER: u8 = 3;
const BURN: u8 = 8;
const INITIALIZE_ACCOUNT_3: u8 = 18;

pub const VAULT: &[u8] = b"vault";
pub const STAKE: &[u8] = b"stake";

/// Wrapped SOL, which can't be burned: nobody could be slashed.
const NATIVE_MINT: Address = Address::from_str_const("So11111111111111111111111111111111111111112");

pub fn check_mint(view: &AccountView) -> Result<(), Error> {
    if *view.address() == NATIVE_MINT {
        return Err(Error::WrongMint);
    }
    let mint = Mint::from_account_view(view).map_err(|_| Error::WrongMint)?;
    if mint.is_initialized() { Ok(()) } else { Err(Error::WrongMint) }
}

/// A token account of the mint. Whether it can receive is for the token program to say.
#[inline(never)]
pub fn open_tokens<'a>(view: &'a AccountView, mint: &Address) -> Result<&'a Account, Error> {
    // SAFETY: this program writes no token account, and reads none after a call that does.
    let tokens =
        unsafe { Account::from_account_view_unchecked(view) }.map_err(|_| Error::WrongTokenAccount)?;
    if !tokens.is_initialized() || tokens.mint() != mint {
        return Err(Error::WrongTokenAccount);
    }
    Ok(tokens)
}

/// Who is paid, and whether it says itself where to.
pub struct Payee<'a> {
    pub owner: &'a Address,
    pub signed: bool,
    pub mint: &'a Address,
    /// of its associated token account
    pub ata_bump: u8,
}

impl Payee<'_> {
    /// Who signs may be paid into any token account of its own; for others it is the associated one.
    #[inline(never)]
    pub fn check(&self, destination: &AccountView) -> Result<(), Error> {
        let tokens = open_tokens(destination, self.mint)?;
        if tokens.owner() != self.owner || !self.signed && !self.is_associated(destination.address()) {
            return Err(Error::WrongDestination);
        }
        Ok(())
    }

    /// The bump is not searched for: the associated token program makes accounts at the canonical one
    /// alone, so there is no token account at any other, and nobody has a key for what is a hash.
    #[inline(always)]
    fn is_associated(&self, address: &Address) -> bool {
        let derived = sha256(&[
            self.owner.as_array(),
            pinocchio_token::ID.as_array(),
            self.mint.as_array(),
            &[self.ata_bump],
            ASSOCIATED_PROGRAM.as_array(),
            PDA_MARKER,
        ]);
        derived == *address.as_array()
    }
}

/// A vault is a token account at an address of this program that is its own owner, so that paying
/// from it needs no other account.
pub struct Vault<'a> {
    /// VAULT or STAKE
    pub name: &'static [u8],
    pub network: &'a Address,
    pub bump: u8,
}

impl Vault<'_> {
    pub fn pay(&self, vault: &AccountView, to: &AccountView, amount: u64) {
        self.call(TRANSFER, vault, to, amount);
    }

    pub fn burn(&self, vault: &AccountView, mint: &AccountView, amount: u64) {
        self.call(BURN, vault, mint, amount);
    }

    #[inline(never)]
    fn call(&self, instruction: u8, vault: &AccountView, other: &AccountView, amount: u64) {
        let accounts = [(vault, Right::Write), (other, Right::Write), (vault, Right::Sign)];
        let seeds: [&[u8]; 3] = [self.name, self.network.as_ref(), &[self.bump]];
        let data = with_amount(instruction, amount);
        Call { program: &pinocchio_token::ID, accounts: &accounts, data: &data, seeds: &seeds }.invoke();
    }
}

fn with_amount(instruction: u8, amount: u64) -> [u8; 9] {
    let mut data = [instruction; 9];
    data[1..].copy_from_slice(&amount.to_le_bytes());
    data
}

pub struct NewVault<'a> {
    pub program: &'a Address,
    pub name: &'static [u8],
    pub network: &'a Address,
    pub payer: &'a AccountView,
    pub mint: &'a AccountView,
}

impl NewVault<'_> {
    /// Makes the vault, and writes down its bump.
    #[inline(never)]
    pub fn create(&self, vault: &AccountView, bump: &mut u8) -> Result<(), Error> {
        let place = Place {
            program: self.program,
            seeds: &[self.name, self.network.as_ref()],
            owner: &pinocchio_token::ID,
            size: Account::LEN,
        };
        pda::create(&place, self.payer, vault, bump)?;
        let mut data = [INITIALIZE_ACCOUNT_3; 33];
        data[1..].copy_from_slice(vault.address().as_array());
        let accounts = [(vault, Right::Write), (self.mint, Right::Read)];
        Call { program: &pinocchio_token::ID, accounts: &accounts, data: &data, seeds: &[] }.invoke();
        Ok(())
    }
}

/// Moves tokens that a signer of the transaction owns.
#[inline(never)]
pub fn deposit(from: &AccountView, to: &AccountView, owner: &AccountView, amount: u64) {
    let accounts = [(from, Right::Write), (to, Right::Write), (owner, Right::Sign)];
    let data = with_amount(TRANSFER, amount);
    Call { program: &pinocchio_token::ID, accounts: &accounts, data: &data, seeds: &[] }.invoke();
}
