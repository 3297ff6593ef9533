use crate::Error;
use crate::account::{check_is, open_mut, open_mut_in};
use crate::events::Claimed;
use crate::generated::instructions::{ClaimAccounts, ClaimArgs};
use crate::ledger::{Leaf, accounts_detail};
use crate::math::add;
use crate::slots;
use crate::state::{ClaimPage, Network, PAGE_ENTRIES};
use crate::token::{Payee, VAULT, Vault, open_tokens};
use pinocchio::{AccountView, Address};

/// Forfeited money: nobody owns it.
const COMMONS: u32 = 0;

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let accounts = ClaimAccounts::parse(program, accounts)?;
    let args = ClaimArgs::parse(data)?;
    if args.index == COMMONS {
        return Err(Error::CommonsNotClaimable);
    }
    let network_id = accounts.network.address();
    let wallet = accounts.wallet.address();
    let now = slots::now()?;
    let network = open_mut::<Network>(program, accounts.network)?;
    check_is(accounts.vault, &network.vault, Error::WrongVault)?;
    let root_slot = prove(network, wallet, &args)?;

    let page = open_mut_in::<ClaimPage>(program, network_id, accounts.page)?;
    let amount = take(page, &args)?;
    let signed = accounts.wallet.is_signer();
    check_carrier(network, &args, &Terms { signed, amount, now })?;
    Payee { owner: wallet, signed, mint: &network.mint, ata_bump: args.ata_bump }
        .check(accounts.destination)?;
    network.count_outflow(root_slot, amount, now)?;
    network.totals.claimed = add(network.totals.claimed, amount)?;
    if network.totals.claimed > network.totals.paid {
        return Err(Error::ClaimedAbovePaid);
    }

    let vault = Vault { name: VAULT, network: network_id, bump: network.vault_bump };
    if args.fee > 0 {
        let carrier = accounts.fee_destination.ok_or(Error::WrongTokenAccount)?;
        open_tokens(carrier, &network.mint)?;
        vault.pay(accounts.vault, carrier, args.fee);
    }
    vault.pay(accounts.vault, accounts.destination, amount - args.fee);
    Claimed {
        network: network_id,
        index: args.index,
        wallet,
        paid: amount,
        fee: args.fee,
        claimed: args.amount,
    }
    .emit();
    Ok(())
}

/// Checks the leaf, and returns the slot in which its root became final.
#[inline(always)]
fn prove(network: &Network, wallet: &Address, args: &ClaimArgs) -> Result<u64, Error> {
    let root = network.root_of(args.root_epoch)?;
    let leaf = Leaf {
        index: u64::from(args.index),
        amount: args.amount,
        owner: wallet,
        detail: &accounts_detail(args.min_amount, args.max_fee, args.rest),
    };
    leaf.prove(&root.accounts, args.proof)?;
    Ok(root.slot)
}

/// Marks the leaf's amount as claimed, and returns what was not claimed before.
#[inline(always)]
fn take(page: &mut ClaimPage, args: &ClaimArgs) -> Result<u64, Error> {
    const ENTRIES: u32 = PAGE_ENTRIES as u32;
    if page.number != args.index / ENTRIES {
        return Err(Error::WrongPage);
    }
    let claimed = &mut page.claimed[(args.index % ENTRIES) as usize];
    if *claimed >= args.amount {
        return Err(Error::NothingToClaim);
    }
    let amount = args.amount - *claimed;
    *claimed = args.amount;
    Ok(amount)
}

struct Terms {
    signed: bool,
    amount: u64,
    now: u64,
}

/// A wallet that signs pays no fee; who carries its claim keeps to what the wallet allowed when it enrolled.
#[inline(always)]
fn check_carrier(network: &Network, args: &ClaimArgs, terms: &Terms) -> Result<(), Error> {
    if terms.signed {
        return if args.fee == 0 { Ok(()) } else { Err(Error::FeeTooHigh) };
    }
    if terms.amount < args.min_amount {
        return Err(Error::BelowMinAmount);
    }
    if args.fee == 0 {
        return Ok(());
    }
    let cap = network.params_now(terms.now).max_claim_fee;
    if args.fee > args.max_fee || args.fee > cap || args.fee > terms.amount {
        return Err(Error::FeeTooHigh);
    }
    Ok(())
}
