use crate::Error;
use crate::account::{check_is, close, open_in, open_mut};
use crate::events::JobRefunded;
use crate::generated::instructions::{RefundJobAccounts, RefundJobArgs};
use crate::ledger::{Leaf, jobs_detail};
use crate::math::add;
use crate::state::{Job, Network};
use crate::token::{Payee, VAULT, Vault};
use pinocchio::{AccountView, Address};

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let accounts = RefundJobAccounts::parse(program, accounts)?;
    let args = RefundJobArgs::parse(data)?;
    let network_id = accounts.network.address();
    let network = open_mut::<Network>(program, accounts.network)?;
    check_is(accounts.vault, &network.vault, Error::WrongVault)?;
    let job = open_in::<Job>(program, network_id, accounts.job)?;
    check_is(accounts.requester, &job.requester, Error::NotRequester)?;
    prove_done(network, job, &args)?;
    Payee {
        owner: &job.requester,
        signed: accounts.requester.is_signer(),
        mint: &network.mint,
        ata_bump: args.ata_bump,
    }
    .check(accounts.destination)?;

    let (index, refunded) = (job.index, rest_of_deposit(network, job, args.amount)?);
    network.totals.refunded = add(network.totals.refunded, refunded)?;
    let vault = Vault { name: VAULT, network: network_id, bump: network.vault_bump };
    vault.pay(accounts.vault, accounts.destination, refunded);
    close(accounts.job, accounts.requester)?;
    JobRefunded { network: network_id, index, charged: args.amount, refunded }.emit();
    Ok(())
}

fn prove_done(network: &Network, job: &Job, args: &RefundJobArgs) -> Result<(), Error> {
    let jobs = &network.root_of(args.root_epoch)?.jobs;
    let prove = |done| {
        let detail = jobs_detail(done, args.rest);
        let index = u64::from(job.index);
        Leaf { index, amount: args.amount, owner: &job.requester, detail: &detail }.prove(jobs, args.proof)
    };
    match prove(true) {
        Err(_) if prove(false).is_ok() => Err(Error::JobNotDone),
        proven => proven,
    }
}

/// Never more than the vault holds for nobody else, whatever the verifiers agreed on.
fn rest_of_deposit(network: &Network, job: &Job, charged: u64) -> Result<u64, Error> {
    let refund = job.deposit.checked_sub(charged).ok_or(Error::ChargedAboveDeposited)?;
    let totals = &network.totals;
    let used = add(add(totals.charged, totals.refunded)?, refund)?;
    if used > totals.deposited { Err(Error::ChargedAboveDeposited) } else { Ok(refund) }
}
