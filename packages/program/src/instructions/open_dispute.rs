use crate::Error;
use crate::account::{open, open_in};
use crate::events::DisputeOpened;
use crate::generated::instructions::{OpenDisputeAccounts, OpenDisputeArgs};
use crate::ledger::{Leaf, one_of};
use crate::pda::create_state;
use crate::state::{Dispute, Epoch, Network};
use pinocchio::{AccountView, Address};

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let OpenDisputeAccounts { disputer, network, epoch, dispute } =
        OpenDisputeAccounts::parse(program, accounts)?;
    let args = OpenDisputeArgs::parse(data)?;
    let id = network.address();
    let network = open::<Network>(program, network)?;
    let epoch = open_in::<Epoch>(program, id, epoch)?;
    epoch.check_disputable(network)?;
    let leaf = Leaf { index: args.index, amount: args.amount, owner: args.owner, detail: args.detail };
    let latest = network.latest_root()?;
    leaf.prove(one_of(args.ledger, [&latest.accounts, &latest.jobs, &latest.slashes])?, args.proof)?;

    let number = epoch.number;
    let seeds: [&[u8]; 6] = [
        b"dispute",
        id.as_ref(),
        &number.to_le_bytes(),
        &[args.ledger],
        &args.index.to_le_bytes(),
        disputer.address().as_ref(),
    ];
    let dispute = create_state::<Dispute>(program, disputer, dispute, &seeds)?;
    dispute.ledger = args.ledger;
    dispute.network = *id;
    dispute.disputer = *disputer.address();
    dispute.epoch = number;
    dispute.index = args.index;
    dispute.amount = args.amount;
    dispute.owner = *args.owner;
    DisputeOpened {
        network: id,
        epoch: number,
        ledger: args.ledger,
        index: args.index,
        disputer: disputer.address(),
    }
    .emit();
    Ok(())
}
