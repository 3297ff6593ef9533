use crate::Error;
use crate::account::{open_in, open_mut, open_mut_in};
use crate::data::of_size;
use crate::epoch::UNKNOWN;
use crate::events::Started;
use crate::generated::instructions::StartAccounts;
use crate::hash::Hash;
use crate::seed::epoch_seed;
use crate::slots::{self, after};
use crate::snapshot::Opening;
use crate::state::{Epoch, Network, Roster, STATE_FINAL};
use pinocchio::{AccountView, Address};

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let accounts = StartAccounts::parse(program, accounts)?;
    of_size::<0>(data)?;
    let id = accounts.network.address();
    let network = open_mut::<Network>(program, accounts.network)?;
    network.check_authority(accounts.authority.address())?;
    if network.started == 1 {
        return Err(Error::AlreadyStarted);
    }
    let first = open_mut_in::<Epoch>(program, id, accounts.epoch_0)?;
    let second = open_mut_in::<Epoch>(program, id, accounts.epoch_1)?;
    let before_last = open_mut_in::<Epoch>(program, id, accounts.epoch_2)?;
    let last = open_mut_in::<Epoch>(program, id, accounts.epoch_3)?;
    first.check_turn(0)?;
    second.check_turn(1)?;
    before_last.check_turn(-2)?;
    last.check_turn(-1)?;
    let roster = open_in::<Roster>(program, id, accounts.roster)?;

    let now = slots::now()?;
    let params = network.params_of(0);
    let starts_at = after(now, params.margin);
    let ends_at = after(starts_at, params.length);
    first.open(&Opening { number: 0, starts_at, ends_at, params }, roster)?;
    if first.seat_count == 0 {
        return Err(Error::NoVerifiers);
    }
    // The start is what the first epoch has instead of an epoch before it that became final.
    first.previous_final_slot = now;
    second.number = 1;
    second.starts_at = ends_at;
    second.ends_at = UNKNOWN;
    second.target = UNKNOWN;
    let newest = slots::newest_hash()?;
    give_seed(before_last, -2, &newest);
    give_seed(last, -1, &newest);

    network.started = 1;
    network.starts[0] = starts_at;
    network.starts[1] = ends_at;
    Started { network: id, starts_at, ends_at }.emit();
    Ok(())
}

/// Deals the first two epochs: nobody works or votes in what was before them.
#[inline(never)]
fn give_seed(epoch: &mut Epoch, number: i64, newest: &Hash) {
    epoch.state = STATE_FINAL;
    epoch.number = number;
    epoch.seed = epoch_seed(newest, &epoch.network, number);
}
