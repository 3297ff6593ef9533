use crate::Error;
use crate::account::{check_is, open_mut, open_mut_in};
use crate::events::Slashed;
use crate::generated::instructions::{ApplySlashAccounts, ApplySlashArgs};
use crate::ledger::Leaf;
use crate::math::{add, share, sub};
use crate::slots;
use crate::state::{Network, Roster, Verifier};
use crate::token::{STAKE, Vault};
use pinocchio::{AccountView, Address};

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let accounts = ApplySlashAccounts::parse(program, accounts)?;
    let args = ApplySlashArgs::parse(data)?;
    let network_id = accounts.network.address();
    let network = open_mut::<Network>(program, accounts.network)?;
    check_is(accounts.stake_vault, &network.stake_vault, Error::WrongVault)?;
    check_is(accounts.mint, &network.mint, Error::WrongMint)?;
    let verifier = open_mut_in::<Verifier>(program, network_id, accounts.verifier)?;
    prove(network, verifier, &args)?;

    let roster = open_mut_in::<Roster>(program, network_id, accounts.roster)?;
    let taken = take(network, roster, verifier, args.amount)?;
    network.totals.staked = sub(network.totals.staked, taken)?;
    network.totals.slashed = add(network.totals.slashed, taken)?;
    let vault = Vault { name: STAKE, network: network_id, bump: network.stake_bump };
    vault.burn(accounts.stake_vault, accounts.mint, taken);
    Slashed { network: network_id, id: verifier.id, amount: taken, slashed: verifier.slashed }.emit();
    Ok(())
}

fn prove(network: &Network, verifier: &Verifier, args: &ApplySlashArgs) -> Result<(), Error> {
    let leaf = Leaf {
        index: u64::from(verifier.id),
        amount: args.amount,
        owner: &verifier.operator,
        detail: args.detail,
    };
    leaf.prove(&network.root_of(args.root_epoch)?.slashes, args.proof)
}

/// Takes from the stake what this epoch still allows, and returns how much.
fn take(network: &Network, roster: &mut Roster, verifier: &mut Verifier, amount: u64) -> Result<u64, Error> {
    let now = slots::now()?;
    let epoch = network.current_epoch(now);
    let due = amount.saturating_sub(verifier.slashed);
    let stake = match verifier.retired {
        0 => {
            let place = roster.place_of(verifier.id)?;
            &mut roster.entries_mut()[place].stake
        }
        _ => &mut verifier.stake,
    };
    if verifier.slash_epoch != epoch {
        verifier.slash_epoch = epoch;
        // At least one: a stake that is nearly gone can be slashed to its end, and the rest withdrawn.
        verifier.slash_room = share(*stake, network.params_of(epoch).max_slash_bps).max(1);
    }
    let taken = due.min(verifier.slash_room).min(*stake);
    if taken == 0 {
        return Err(Error::NothingToSlash);
    }
    *stake -= taken;
    verifier.slash_room -= taken;
    verifier.slashed = add(verifier.slashed, taken)?;
    Ok(taken)
}
