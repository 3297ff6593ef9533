use crate::Error;
use crate::account::{open, open_mut_in};
use crate::events::Dropped;
use crate::generated::instructions::{DropInactiveAccounts, DropInactiveArgs};
use crate::math::{add, times};
use crate::slots;
use crate::state::{Epoch, Network, STATE_FINAL, STATE_SEALED};
use pinocchio::{AccountView, Address};

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let accounts = DropInactiveAccounts::parse(program, accounts)?;
    let args = DropInactiveArgs::parse(data)?;
    let id = accounts.network.address();
    let network = open::<Network>(program, accounts.network)?;
    let epoch = open_mut_in::<Epoch>(program, id, accounts.epoch)?;
    epoch.check_number(args.number)?;
    let quorum_slot = match epoch.state {
        STATE_FINAL => return Err(Error::EpochFinal),
        STATE_SEALED => epoch.voted_slot,
        _ => epoch.quorum_slot,
    };
    if quorum_slot != 0 {
        return Err(Error::QuorumReached);
    }
    let now = slots::now()?;
    check_inactive(network, epoch, args.seats, now)?;
    epoch.drop_seats(args.seats);
    // Never below half.
    if epoch.stake_counted < epoch.stake_total - epoch.stake_counted {
        return Err(Error::TooFewLeft);
    }
    epoch.note_inventories(now);
    epoch.note_votes(now);
    let (number, stake_counted) = (epoch.number, epoch.stake_counted);
    Dropped { network: id, epoch: number, seats: args.seats, stake_counted }.emit();
    Ok(())
}

/// Whether all of the seats are there, have not done what the others wait for, and are gone for so long.
fn check_inactive(network: &Network, epoch: &Epoch, places: u64, now: u64) -> Result<(), Error> {
    let params = network.params_of(epoch.number);
    let patience = times(u64::from(params.length), params.inactive_epochs)?;
    let sealed = epoch.state == STATE_SEALED;
    // However old the signs of life are: who is there must be able to show it.
    if !sealed && now < epoch.posts_until() {
        return Err(Error::NotInactive);
    }
    let done = if sealed { epoch.vote_mask } else { epoch.inventory_mask };
    let mut left = places;
    for (place, seat) in epoch.seats().iter().enumerate() {
        // In a pause nothing can be voted for.
        let mut seen = seat.active_slot.max(network.pause_until);
        if sealed && epoch.inventory_mask >> place & 1 == 1 {
            // It was there, and however long the others took until the seal, it could not vote before.
            seen = seen.max(epoch.rounds_from());
        }
        if now >= add(seen, patience)? {
            left &= !(1 << place);
        }
    }
    let idle = places != 0 && left == 0 && places & (done | epoch.dropped_mask) == 0;
    if idle { Ok(()) } else { Err(Error::NotInactive) }
}
