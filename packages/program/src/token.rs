//! The classic token program: the only one this program speaks to.

use crate::Error;
use crate::pda::{self, Place};
use pinocchio::cpi::{Seed, Signer};
use pinocchio::{AccountView, Address};
use pinocchio_token::instructions::{Burn, InitializeAccount3, Transfer};
use pinocchio_token::state::{Account, Mint};

pub const VAULT: &[u8] = b"vault";
pub const STAKE: &[u8] = b"stake";

pub fn check_mint(view: &AccountView) -> Result<(), Error> {
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
