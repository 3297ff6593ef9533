use crate::Error;
use crate::account::{open_mut, open_mut_in};
use crate::data::of_size;
use crate::epoch::UNKNOWN;
use crate::events::Sealed;
use crate::generated::instructions::SealEpochAccounts;
use crate::hash::{Hash, ZERO};
use crate::network::{later, ring};
use crate::seed::epoch_seed;
use crate::slots::{self, after};
use crate::snapshot::Opening;
use crate::state::{EPOCH_RING, Epoch, Network, Roster, STATE_SEALED};
use pinocchio::{AccountView, Address};

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let accounts = SealEpochAccounts::parse(program, accounts)?;
    of_size::<0>(data)?;
    let id = accounts.network.address();
    let network = open_mut::<Network>(program, accounts.network)?;
    network.check_started()?;
    let roster = open_mut_in::<Roster>(program, id, accounts.roster)?;
    let epoch = open_mut_in::<Epoch>(program, id, accounts.epoch)?;
    let next = open_mut_in::<Epoch>(program, id, accounts.next_epoch)?;
    epoch.check_number(network.next_seal)?;
    next.check_turn(later(network.next_seal, 1))?;
    if epoch.target == UNKNOWN {
        return Err(Error::SealTooEarly);
    }
    let now = slots::now()?;
    match slots::first_hash_from(epoch.target)? {
        None => {
            epoch.target = after(now, epoch.margin);
            let target = epoch.target;
            Sealed { network: id, epoch: epoch.number, slot: 0, seed: &ZERO, next_end: target }.emit();
        }
        Some(found) => {
            seal(epoch, &found, now);
            roster.note_activity(epoch.seats())?;
            open_next(network, next, roster, now)?;
            let next_end = next.ends_at;
            Sealed { network: id, epoch: epoch.number, slot: now, seed: &epoch.seed, next_end }.emit();
        }
    }
    Ok(())
}

fn seal(epoch: &mut Epoch, found: &Hash, now: u64) {
    epoch.state = STATE_SEALED;
    epoch.seed = epoch_seed(found, &epoch.network, epoch.number);
    epoch.sealed_slot = now;
    epoch.round_from = epoch.rounds_from();
}

/// Its work runs since the end of the epoch that was sealed; now its end is known, and who weighs in it.
fn open_next(network: &mut Network, next: &mut Epoch, roster: &Roster, now: u64) -> Result<(), Error> {
    let number = later(network.next_seal, 1);
    let starts_at = network.start_of(number);
    let params = network.params_of(number);
    let ends_at = after(starts_at, params.length).max(after(after(now, params.grace), params.margin));
    next.open(&Opening { number, starts_at, ends_at, params }, roster)?;
    network.next_seal = number;
    network.starts[ring(later(number, 1), EPOCH_RING)] = ends_at;
    Ok(())
}
