// The network's own state: what settlers and daemons look at in every slot.
import type { Epoch } from '../accounts/epoch.ts'
import { type Network, rootOf } from '../accounts/network.ts'
import type { Roster } from '../accounts/roster.ts'
import type { AsOf, Chain, Commitment } from '../port.ts'
import type { FinalRoot } from '../structs/final-root.ts'
import { present, read, wantEpoch, wantNetwork, wantRoster } from './accounts.ts'

export interface NetworkState {
  readonly network: Network
  readonly roster: Roster
  /** The four that are kept, ascending by number; before `start` they are empty. */
  readonly epochs: readonly Epoch[]
}

export async function readNetwork(chain: Chain, commitment?: Commitment): Promise<AsOf<NetworkState>> {
  const { at } = chain
  const { slot, value } = await read(
    chain,
    {
      network: wantNetwork(at),
      roster: wantRoster(at),
      first: wantEpoch(at, 0),
      second: wantEpoch(at, 1),
      third: wantEpoch(at, 2),
      fourth: wantEpoch(at, 3),
    },
    commitment,
  )
  const epochs = [value.first, value.second, value.third, value.fourth].map((epoch, number) =>
    present(epoch, 'epoch account', at.epoch(number)),
  )
  return {
    slot,
    value: {
      network: present(value.network, 'network', at.network),
      roster: present(value.roster, 'roster', at.roster),
      epochs: epochs.sort((a, b) => a.number - b.number),
    },
  }
}

/**
 * The newest root that is final: the program says so in a slot that the cluster calls finalized. Money that counts as
 * paid counts by this one alone. Undefined before the first.
 */
export async function finalRoot(chain: Chain): Promise<FinalRoot | undefined> {
  const { at } = chain
  const { value } = await read(chain, { network: wantNetwork(at) }, 'finalized')
  const network = present(value.network, 'network', at.network)
  return rootOf(network, network.lastFinal)
}
