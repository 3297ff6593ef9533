// States that share most of their pages: the jobs of a network grow, its nodes stay.
import { genesisState, h, type State, u32le } from '@piecework/protocol'
import { NETWORK } from './machine.ts'

export function stateOf(epoch: number): State {
  const nodes = Array.from({ length: 3_000 }, (_, i) => ({
    nodeKey: h('pw/nodes', u32le(i)),
    wallet: h('pw/leaf', u32le(i)),
    kinds: [{ kind: 1, capacity: 5 }],
    attributes: [],
    expiresAtEpoch: 1_000,
    vouched: BigInt(i),
    minAmount: 1n,
    maxFee: 1n,
  }))
  const genesis = genesisState({ networkId: NETWORK, nodes, kinds: [], trialRows: 5 })
  // The first node's page differs in every epoch, the others are shared.
  const [first, ...rest] = genesis.nodes
  if (first === undefined) return { ...genesis, epoch }
  return { ...genesis, epoch, nodes: [{ ...first, bond: BigInt(epoch + 1) }, ...rest] }
}
