use crate::Error;
use crate::account::open_new;
use crate::events::NetworkCreated;
use crate::generated::instructions::{CreateNetworkAccounts, CreateNetworkArgs};
use crate::pda::create_state;
use crate::state::{EPOCH_RING, Epoch, Network, Roster, STATE_EMPTY};
use crate::token::{self, NewVault, STAKE, VAULT};
use pinocchio::{AccountView, Address};

#[inline(never)]
pub fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> Result<(), Error> {
    let CreateNetworkAccounts {
        creator,
        network,
        roster,
        epoch_0,
        epoch_1,
        epoch_2,
        epoch_3,
        vault,
        stake_vault,
        mint,
    } = CreateNetworkAccounts::parse(program, accounts)?;
    let args = CreateNetworkArgs::parse(data)?;
    args.params.check()?;
    token::check_mint(mint)?;

    let seeds: [&[u8]; 3] = [b"network", creator.address().as_ref(), args.name_hash];
    let bump = create_state::<Network>(program, creator, network, &seeds)?;
    let id = *network.address();
    create_roster(program, creator, roster, &id)?;
    for (ring, epoch) in [epoch_0, epoch_1, epoch_2, epoch_3].into_iter().enumerate() {
        create_epoch(program, creator, epoch, &id, ring as u8)?;
    }
    let new_vault = |name| NewVault { program, name, network: &id, payer: creator, mint };
    let vault_bump = new_vault(VAULT).create(vault)?;
    let stake_bump = new_vault(STAKE).create(stake_vault)?;

    let state = open_new::<Network>(network)?;
    state.bump = bump;
    state.vault_bump = vault_bump;
    state.stake_bump = stake_bump;
    state.creator = *creator.address();
    state.name_hash = *args.name_hash;
    state.authority = *creator.address();
    state.mint = *mint.address();
    state.genesis_hash = *args.genesis_hash;
    state.roster = *roster.address();
    state.vault = *vault.address();
    state.stake_vault = *stake_vault.address();
    state.params = args.params;
    state.next_params = args.params;
    state.next_params_from = i64::MAX;
    state.last_final = -1;
    NetworkCreated { network: &id, authority: &state.authority, mint: &state.mint }.emit();
    Ok(())
}

fn create_roster(
    program: &Address,
    payer: &AccountView,
    roster: &mut AccountView,
    network: &Address,
) -> Result<(), Error> {
    let bump = create_state::<Roster>(program, payer, roster, &[b"roster", network.as_ref()])?;
    let state = open_new::<Roster>(roster)?;
    state.bump = bump;
    state.network = *network;
    Ok(())
}

#[inline(never)]
fn create_epoch(
    program: &Address,
    payer: &AccountView,
    epoch: &mut AccountView,
    network: &Address,
    ring: u8,
) -> Result<(), Error> {
    let bump = create_state::<Epoch>(program, payer, epoch, &[b"epoch", network.as_ref(), &[ring]])?;
    let state = open_new::<Epoch>(epoch)?;
    state.bump = bump;
    state.ring = ring;
    state.state = STATE_EMPTY;
    state.network = *network;
    // No epoch has this number; start writes -2, -1, 0 and 1.
    state.number = i64::from(ring) - 2 * EPOCH_RING as i64;
    Ok(())
}
