// A verifier on a chain in memory, with its store in a folder, whose first epoch is under way: what takes the feed in.
import { createHash } from 'node:crypto'
import { bytesOf } from '@piecework/chain'
import { genesisState, keyFromSecret, kindsCodec, pageState, writeStateFile } from '@piecework/protocol'
import { openStore, type Store } from '@piecework/store'
import { SeededRandom, SlotTime } from '@piecework/testkit'
import { localParams, memoryHarness, TestNetwork } from '@piecework/testkit/settlement'
import { makeVerifier } from '@piecework/verifier'
import { Kinds } from '@piecework/work'
import { Doorway } from './doorway.ts'
import { chainOf, keyOfNode, NODES } from './feed.ts'

const TRIAL_ROWS = 5
/** As a verifier opens it. */
export const STORE = { contentQuotaBytes: 67_108_864, retainStates: 4, takesAll: true }
const TURNS_A_SLOT = 100
/** It begins within a few slots, and intake is open for thirty. */
const MOST_TURNS = 2_500

/** Also the secret that the harness gives to a name. */
function hashOf(bytes: Uint8Array | string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest())
}

export interface Taking {
  readonly doorway: Doorway
  readonly store: Store
  stop(): Promise<void>
}

/** Judged as far as to its node, once intake is open. */
function strangersBatch(networkId: Uint8Array): Uint8Array {
  const [first] = chainOf(networkId, NODES)
  return first?.signed ?? new Uint8Array()
}

/** The network's id is the same in every run. */
export function networkOfRuns(): Uint8Array {
  return bytesOf(memoryHarness().chain.at.network)
}

export async function openVerifier(folder: string): Promise<Taking> {
  const harness = memoryHarness()
  const { chain } = harness
  const networkId = bytesOf(chain.at.network)
  const terms = { attributes: [], expiresAtEpoch: 1_000, vouched: 0n, minAmount: 0n, maxFee: 0n, kinds: [] }
  const nodes = Array.from({ length: NODES }, (_, node) => {
    const nodeKey = keyOfNode(node).publicKey
    return { nodeKey, wallet: nodeKey, ...terms }
  })
  const paged = pageState(genesisState({ networkId, nodes, kinds: [], trialRows: TRIAL_ROWS }))
  const rules = kindsCodec.encode([])
  const kindsHash = hashOf(rules)
  const net = new TestNetwork(harness, [1_000n])
  await net.begin(localParams({ kindsHash, trialRows: TRIAL_ROWS }), paged.stateHash)
  const store = await openStore(folder, { ...STORE, networkId })
  const time = new SlotTime()
  const random = new SeededRandom('bench intake')
  const key = keyFromSecret(hashOf('key of vote key 0'))
  const doorway = new Doorway(key.publicKey, networkId)
  const daemon = makeVerifier({
    measureBytes: 0,
    ...{ chain, network: doorway, store, key, time },
    genesis: writeStateFile(paged),
    rules,
    kinds: new Kinds([]),
    sandbox: { run: () => Promise.reject(new Error('nothing is run here')) },
    now: () => time.now(),
    randomBytes: (length) => random.bytes(length),
    log: { debug() {}, info() {}, warn() {}, error() {} },
  })
  await daemon.start()
  const probe = strangersBatch(networkId)
  for (let turn = 0; (await doorway.hear('batches', probe)) !== 'unknown-node'; turn++) {
    if (turn === MOST_TURNS) throw new Error('the verifier does not begin to take batches')
    // Its disk is a real one: slots must not pass faster than it writes.
    if (turn % TURNS_A_SLOT === 0) chain.tick()
    await new Promise((next) => setTimeout(next, 1))
    time.pass(1)
  }
  return {
    doorway,
    store,
    async stop() {
      await daemon.stop()
      await store.close()
    },
  }
}
