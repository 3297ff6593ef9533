use crate::Error;
use crate::account::{check_is, open_mut};
use crate::events::JobCreated;
use crate::generated::instructions::{CreateJobAccounts, CreateJobArgs};
use crate::math::{add, times};
use crate::pda::create_state;
use crate::state::{Job, Network, RULE_PIECE, RULE_SHARE};
use crate::{slots, token};
use pinocchio::{AccountView, Address};

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let accounts = CreateJobAccounts::parse(program, accounts)?;
    let args = CreateJobArgs::parse(data)?;
    check_terms(&args)?;
    let network_id = accounts.network.address();
    let requester = accounts.requester.address();
    let now = slots::now()?;

    let network = open_mut::<Network>(program, accounts.network)?;
    network.check_not_paused(now)?;
    check_is(accounts.vault, &network.vault, Error::WrongVault)?;
    token::open_tokens(accounts.requester_tokens, &network.mint)?;
    let params = network.params_now(now);
    if args.deposit < params.min_deposit {
        return Err(Error::DepositTooSmall);
    }
    let (verifier_bps, settle_bps) = (params.verifier_bps, params.settle_bps);
    let index = network.next_job;
    network.next_job = index.checked_add(1).ok_or(Error::NoMoreIds)?;
    network.totals.deposited = add(network.totals.deposited, args.deposit)?;

    let seeds: [&[u8]; 4] = [b"job", network_id.as_ref(), requester.as_ref(), &args.nonce.to_le_bytes()];
    let job = create_state::<Job>(program, accounts.requester, accounts.job, &seeds)?;
    job.rule = args.rule;
    job.work_kind = args.work_kind;
    job.replicas = args.replicas;
    job.network = *network_id;
    job.requester = *requester;
    job.nonce = args.nonce;
    job.index = index;
    job.tasks = args.tasks;
    job.max_units = args.max_units;
    job.lease_epochs = args.lease_epochs;
    job.price = args.price;
    job.cap_price = args.cap_price;
    job.deposit = args.deposit;
    job.verifier_bps = verifier_bps;
    job.settle_bps = settle_bps;
    job.created_slot = now;
    job.spec_hash = *args.spec_hash;
    job.allow_root = *args.allow_root;

    token::deposit(accounts.requester_tokens, accounts.vault, accounts.requester, args.deposit);
    JobCreated { network: network_id, job: accounts.job.address(), index, requester, deposit: args.deposit }
        .emit();
    Ok(())
}

/// What the protocol computes with: somebody is paid for something, and what a replica can earn is a u64.
fn check_terms(args: &CreateJobArgs) -> Result<(), Error> {
    let highest = match args.rule {
        RULE_PIECE => args.price,
        RULE_SHARE => args.cap_price,
        _ => return Err(Error::WrongRule),
    };
    if args.price == 0 || highest == 0 || args.max_units == 0 || args.replicas == 0 {
        return Err(Error::WrongRule);
    }
    times(highest, args.max_units).map(|_| ()).map_err(|_| Error::WrongRule)
}
