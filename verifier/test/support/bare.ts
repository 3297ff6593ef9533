// The smallest network for one stage: a chain with three verifiers, a state with one node, and a disk.
import { createHash } from 'node:crypto'
import { bytesOf, readNetwork, type Signer, signerFromSecret } from '@piecework/chain'
import {
  type Batch,
  genesisState,
  keyFromSecret,
  rowCommit,
  type SigningKey,
  signBatch,
  ZERO_HASH,
} from '@piecework/protocol'
import { MemoryDisks, openMemoryStore } from '@piecework/store'
import { type MemoryChain, MemoryNetworks } from '@piecework/testkit'
import { localParams, memoryHarness, TestNetwork } from '@piecework/testkit/settlement'
import { Kinds } from '@piecework/work'
import type { Moment } from '../../src/common/moment.ts'
import { type Shared, sharedBy } from '../../src/common/shared.ts'
import { Lines } from './lines.ts'

export function hashOf(text: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(text).digest())
}

export interface Bare {
  readonly net: TestNetwork
  readonly chain: MemoryChain
  readonly networks: MemoryNetworks
  readonly shared: Shared
  /** The state of the chain, at a slot. */
  readonly moment: (slot?: number) => Promise<Moment>
}

export const CONTENT_QUOTA = 1_000_000

export const node: SigningKey = keyFromSecret(hashOf('the node'))
export const salt: Uint8Array = new Uint8Array(32).fill(4)
export const output: Uint8Array = new TextEncoder().encode('the output')

export async function bare(
  disks: MemoryDisks = new MemoryDisks(),
  params: Parameters<typeof localParams>[0] = {},
): Promise<Bare> {
  const harness = memoryHarness()
  const net = new TestNetwork(harness)
  await net.begin(localParams(params))
  const { chain } = harness
  const networkId = bytesOf(chain.at.network)
  const networks = new MemoryNetworks()
  const key = keyFromSecret(hashOf('key of vote key 0'))
  const network = networks.join(key.publicKey)
  await network.start()
  const store = await openMemoryStore(disks, { networkId, contentQuotaBytes: CONTENT_QUOTA, retainStates: 2 })
  const time = { now: () => 0, wait: () => new Promise<void>(() => {}) }
  const sandbox = { run: () => Promise.reject(new Error('nothing is run here')) }
  const shared = sharedBy({
    measureBytes: 0,
    chain,
    network,
    store,
    sandbox,
    kinds: new Kinds([]),
    key,
    time,
    now: () => 0,
    randomBytes: (length) => new Uint8Array(length).fill(9),
    log: new Lines(),
  })
  const listed = { nodeKey: node.publicKey, wallet: hashOf('wallet'), kinds: [], attributes: [] }
  const terms = { expiresAtEpoch: 100, vouched: 0n, minAmount: 0n, maxFee: 0n }
  const state = genesisState({ networkId, nodes: [{ ...listed, ...terms }], kinds: [], trialRows: 5 })
  shared.states.add(state)
  shared.nodes.see(state)
  const moment = async (slot?: number): Promise<Moment> => {
    const read = await readNetwork(chain)
    return { slot: slot ?? read.slot, state: read.value }
  }
  return { net, chain, networks, shared, moment }
}

export function batchOf(
  { networkId }: Shared,
  changed: Partial<Batch> = {},
  by: SigningKey = node,
): Uint8Array {
  const commit = rowCommit({ nodeKey: by.publicKey, salt, output })
  const rows = [{ job: 0, task: 0, units: 1, at: 0, commit }]
  const batch = { networkId, epoch: 0, nodeKey: by.publicKey, seq: 0, prev: ZERO_HASH, rows, ...changed }
  return signBatch(batch, (hash) => by.sign(hash))
}

export const payer: Signer = signerFromSecret(hashOf('a settler'))
export const stranger: SigningKey = keyFromSecret(hashOf('a stranger'))
