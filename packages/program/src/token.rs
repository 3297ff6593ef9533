//! The classic token program: the only one this program speaks to.

use crate::Error;
use crate::hash::sha256;
use crate::pda::{self, Place};
use pinocchio::cpi::{Seed, Signer};
use pinocchio::{AccountView, Address};
use pinocchio_token::instructions::{Burn, InitializeAccount3, Transfer};
use pinocchio_token::state::{Account, Mint};

const ASSOCIATED_PROGRAM: Address = Address::from_str_const("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");
/// Ends what the address of a program's account is the hash of.
const PDA_MARKER: &[u8] = b"ProgramDerivedAddress";

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
    #[inline(never)]
    pub fn pay(&self, vault: &AccountView, to: &AccountView, amount: u64) -> Result<(), Error> {
        let bump = [self.bump];
        let seeds = self.seeds(&bump);
        Transfer::new(vault, to, vault, amount).invoke_signed(&[Signer::from(&seeds)])?;
        Ok(())
    }

    #[inline(never)]
    pub fn burn(&self, vault: &AccountView, mint: &AccountView, amount: u64) -> Result<(), Error> {
        let bump = [self.bump];
        let seeds = self.seeds(&bump);
        Burn::new(vault, mint, vault, amount).invoke_signed(&[Signer::from(&seeds)])?;
        Ok(())
    }

    fn seeds<'b>(&'b self, bump: &'b [u8; 1]) -> [Seed<'b>; 3] {
        [Seed::from(self.name), Seed::from(self.network.as_ref()), Seed::from(bump)]
    }
}

pub struct NewVault<'a> {
    pub program: &'a Address,
    pub name: &'static [u8],
    pub network: &'a Address,
    pub payer: &'a AccountView,
    pub mint: &'a AccountView,
}

impl NewVault<'_> {
    /// Makes the vault, and returns its bump.
    pub fn create(&self, vault: &mut AccountView) -> Result<u8, Error> {
        let place = Place {
            program: self.program,
            seeds: &[self.name, self.network.as_ref()],
            owner: &pinocchio_token::ID,
            size: Account::LEN,
        };
        let bump = pda::create(&place, self.payer, vault)?;
        let owner = *vault.address();
        InitializeAccount3::new(vault, self.mint, &owner).invoke()?;
        Ok(bump)
    }
}

/// Moves tokens that a signer of the transaction owns.
pub fn deposit(from: &AccountView, to: &AccountView, owner: &AccountView, amount: u64) -> Result<(), Error> {
    Transfer::new(from, to, owner, amount).invoke()?;
    Ok(())
}
