use crate::Error;
use crate::account::{check_is, close, open_in, open_mut};
use crate::events::StakeWithdrawn;
use crate::generated::instructions::{WithdrawStakeAccounts, WithdrawStakeArgs};
use crate::ledger::Leaf;
use crate::math::sub;
use crate::network::later;
use crate::roster::NEVER_SEATED;
use crate::state::{Network, Verifier};
use crate::token::{STAKE, Vault, open_tokens};
use pinocchio::{AccountView, Address};

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let accounts = WithdrawStakeAccounts::parse(program, accounts)?;
    let args = WithdrawStakeArgs::parse(data)?;
    let network_id = accounts.network.address();
    let network = open_mut::<Network>(program, accounts.network)?;
    check_is(accounts.stake_vault, &network.stake_vault, Error::WrongVault)?;
    open_tokens(accounts.destination, &network.mint)?;
    let verifier = open_in::<Verifier>(program, network_id, accounts.verifier)?;
    verifier.check_operator(accounts.operator.address())?;
    check_over(network, verifier)?;
    check_slashes(network, verifier, &args)?;

    let (id, amount) = (verifier.id, verifier.stake);
    network.totals.staked = sub(network.totals.staked, amount)?;
    let vault = Vault { name: STAKE, network: network_id, bump: network.stake_bump };
    vault.pay(accounts.stake_vault, accounts.destination, amount);
    close(accounts.verifier, accounts.operator)?;
    StakeWithdrawn { network: network_id, id, amount }.emit();
    Ok(())
}

/// Whoever had a seat answers for it as long as evidence counts; others have nothing to answer for.
fn check_over(network: &Network, verifier: &Verifier) -> Result<(), Error> {
    if verifier.retired == 0 {
        return Err(Error::NotRetired);
    }
    let cooldown = i64::from(network.params_of(network.last_final).cooldown_epochs);
    let over = network.last_final >= later(verifier.exit_epoch, cooldown);
    if over || verifier.exit_epoch == NEVER_SEATED { Ok(()) } else { Err(Error::CooldownNotOver) }
}

/// Everything that the latest root says has been taken. The ledger may not reach a newcomer yet.
fn check_slashes(network: &Network, verifier: &Verifier, args: &WithdrawStakeArgs) -> Result<(), Error> {
    let index = u64::from(verifier.id);
    match network.kept_root(network.last_final) {
        Some(root) if index < root.slashes.count => {
            let leaf = Leaf { index, amount: args.amount, owner: &verifier.operator, detail: args.detail };
            leaf.prove(&root.slashes, args.proof)?;
        }
        _ if args.amount == 0 && args.proof.is_empty() => {}
        _ => return Err(Error::WrongProof),
    }
    // Of nothing, nothing more can be taken.
    if args.amount > verifier.slashed && verifier.stake > 0 { Err(Error::SlashPending) } else { Ok(()) }
}
