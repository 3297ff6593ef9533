use crate::Error;
use crate::account::{open_mut, open_mut_in};
use crate::data::of_size;
use crate::events::Finalized;
use crate::generated::instructions::FinalizeAccounts;
use crate::memory::copy;
use crate::network::{later, ring};
use crate::slots::{self, after};
use crate::state::{Epoch, KEPT_ROOTS, Network, STATE_FINAL};
use pinocchio::{AccountView, Address};

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let accounts = FinalizeAccounts::parse(program, accounts)?;
    of_size::<0>(data)?;
    let id = accounts.network.address();
    let network = open_mut::<Network>(program, accounts.network)?;
    let epoch = open_mut_in::<Epoch>(program, id, accounts.epoch)?;
    let next = open_mut_in::<Epoch>(program, id, accounts.next_epoch)?;
    let now = slots::now()?;
    network.check_not_paused(now)?;
    let number = later(network.last_final, 1);
    epoch.check_next_final(network, number)?;
    next.check_number(later(number, 1))?;
    epoch.check_votes()?;
    if now < after(epoch.voted_slot, epoch.dispute) {
        return Err(Error::DisputeNotOver);
    }
    if !network.covers(epoch.candidate.jobs.total) {
        epoch.begin_round(now);
        return Ok(());
    }

    push(network, epoch, now);
    epoch.state = STATE_FINAL;
    next.previous_final_slot = now;
    next.set_target();
    next.note_activity(epoch.seats());
    Finalized {
        network: id,
        epoch: number,
        slot: now,
        attestation: &epoch.candidate.attestation,
        paid: network.totals.paid,
        charged: network.totals.charged,
    }
    .emit();
    Ok(())
}

fn push(network: &mut Network, epoch: &Epoch, now: u64) {
    let candidate = &epoch.candidate;
    network.last_final = epoch.number;
    network.totals.charged = candidate.jobs.total;
    network.totals.paid = candidate.accounts.total;
    let root = &mut network.roots[ring(epoch.number, KEPT_ROOTS)];
    root.epoch = epoch.number;
    root.slot = now;
    root.attestation = candidate.attestation;
    copy(&mut root.accounts, &candidate.accounts);
    copy(&mut root.jobs, &candidate.jobs);
    copy(&mut root.slashes, &candidate.slashes);
}
