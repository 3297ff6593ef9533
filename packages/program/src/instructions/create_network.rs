use crate::Error;
use crate::events::NetworkCreated;
use crate::generated::instructions::{CreateNetworkAccounts, CreateNetworkArgs};
use crate::memory::copy;
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
    let state = create_state::<Network>(program, creator, network, &seeds)?;
    let id = network.address();
    create_roster(program, creator, roster, id)?;
    for (ring, epoch) in [epoch_0, epoch_1, epoch_2, epoch_3].into_iter().enumerate() {
        create_epoch(program, creator, epoch, id, ring as u8)?;
    }
    let new_vault = |name| NewVault { program, name, network: id, payer: creator, mint };
    new_vault(VAULT).create(vault, &mut state.vault_bump)?;
    new_vault(STAKE).create(stake_vault, &mut state.stake_bump)?;

    state.creator = *creator.address();
    state.name_hash = *args.name_hash;
    state.authority = *creator.address();
    state.mint = *mint.address();
    state.genesis_hash = *args.genesis_hash;
    state.roster = *roster.address();
    state.vault = *vault.address();
    state.stake_vault = *stake_vault.address();
    copy(&mut state.params, &args.params);
    copy(&mut state.next_params, &args.params);
    state.next_params_from = i64::MAX;
    state.last_final = -1;
    NetworkCreated { network: id, authority: &state.authority, mint: &state.mint }.emit();
    Ok(())
}

fn create_roster(
    program: &Address,
    payer: &AccountView,
    roster: &AccountView,
    network: &Address,
) -> Result<(), Error> {
    create_state::<Roster>(program, payer, roster, &[b"roster", network.as_ref()])?.network = *network;
    Ok(())
}

fn create_epoch(
    program: &Address,
    payer: &AccountView,
    epoch: &AccountView,
    network: &Address,
    ring: u8,
) -> Result<(), Error> {
    let state = create_state::<Epoch>(program, payer, epoch, &[b"epoch", network.as_ref(), &[ring]])?;
    state.ring = ring;
    state.state = STATE_EMPTY;
    state.network = *network;
    // No epoch has this number; start writes -2, -1, 0 and 1.
    state.number = i64::from(ring) - 2 * EPOCH_RING as i64;
    Ok(())
}
