// The state before the first epoch: nobody, or nodes that the network's creator knows and vouches for.

import { toHex } from '../bytes.ts'
import { ProtocolError } from '../errors.ts'
import type { KindRules } from '../facts.ts'
import type { Attribute, KindCapacity } from '../messages.ts'
import type { Workforce } from '../workforce.ts'
import { NEVER, type NodeRecord, type OwnerRecord, type State } from './state.ts'

export interface GenesisNode {
  readonly nodeKey: Uint8Array
  readonly wallet: Uint8Array
  readonly kinds: readonly KindCapacity[]
  readonly attributes: readonly Attribute[]
  readonly expiresAtEpoch: number
  readonly vouched: bigint
  readonly minAmount: bigint
  readonly maxFee: bigint
}

export interface Genesis {
  readonly networkId: Uint8Array
  readonly nodes: readonly GenesisNode[]
  readonly kinds: readonly KindRules[]
  readonly trialRows: number
}

/** Epochs whose workforce no applied epoch could have fixed. */
const FIRST_EPOCHS = [0, 1, 2] as const

export function genesisState({ networkId, nodes, kinds, trialRows }: Genesis): State {
  const owners: OwnerRecord[] = []
  const ownerOf = new Map<string, number>()
  const records = nodes.map((node): NodeRecord => {
    const wallet = toHex(node.wallet)
    const owner = ownerOf.get(wallet) ?? owners.length
    if (owner === owners.length)
      owners.push({
        wallet: node.wallet,
        account: NEVER,
        minAmount: node.minAmount,
        maxFee: node.maxFee,
        enterFrom: 0n,
      })
    ownerOf.set(wallet, owner)
    return {
      nodeKey: node.nodeKey,
      owner,
      kinds: node.kinds,
      attributes: node.attributes,
      expiresAtEpoch: node.expiresAtEpoch,
      nonce: 0n,
      bond: 0n,
      vouched: node.vouched,
      held: 0n,
      enrolledAt: 0,
      lastRow: NEVER,
      failedAt: NEVER,
      barredUntil: NEVER,
      history: [],
    }
  })
  requireDistinct(nodes)
  const dealt = kinds.filter(({ allocation }) => allocation === 'dealt').map(({ kind }) => kind)
  return {
    networkId,
    epoch: -1,
    nodes: records,
    owners,
    accounts: [{ owner: NEVER, released: 0n }],
    jobs: [],
    verifiers: [],
    dealt: [],
    workforces: FIRST_EPOCHS.map((epoch) => firstWorkforce(records, { epoch, kinds: dealt, trialRows })),
    carried: [],
  }
}

function requireDistinct(nodes: readonly GenesisNode[]): void {
  const keys = new Set(nodes.map(({ nodeKey }) => toHex(nodeKey)))
  if (keys.size === nodes.length) return
  throw new ProtocolError('state/malformed', 'Two nodes of this genesis have one key: list each node once.')
}

interface FirstWorkforce {
  readonly epoch: number
  readonly kinds: readonly number[]
  readonly trialRows: number
}

function firstWorkforce(
  nodes: readonly NodeRecord[],
  { epoch, kinds, trialRows }: FirstWorkforce,
): Workforce {
  return {
    epoch,
    nodes: Uint32Array.from(nodes.keys()),
    owners: Uint32Array.from(nodes, ({ owner }) => owner),
    bonds: BigUint64Array.from(nodes, ({ vouched }) => vouched),
    attributes: nodes.map(({ attributes }) => attributes),
    kinds: kinds.map((kind) => ({
      kind,
      capacities: Uint32Array.from(nodes, (node) => {
        const declared = node.kinds.find((entry) => entry.kind === kind)?.capacity ?? 0
        return Math.min(declared, trialRows)
      }),
    })),
    windows: [],
  }
}
