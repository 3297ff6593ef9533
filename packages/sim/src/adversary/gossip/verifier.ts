// A verifier that hears what an adversary says: the whole daemon on a chain in memory, with the judges that it gives to
// its network.
import { createHash } from 'node:crypto'
import { addressOf, bytesOf, postValues } from '@piecework/chain'
import { type Network, NetworkError, type Received, type RuleId, type Topic } from '@piecework/network'
import { genesisState, keyFromSecret, pageState, type SigningKey, writeStateFile } from '@piecework/protocol'
import { MemoryDisks, openMemoryStore, type Store } from '@piecework/store'
import { MemoryNetworks, SlotTime } from '@piecework/testkit'
import { localParams, memoryHarness, TestNetwork } from '@piecework/testkit/settlement'
import { makeVerifier, type VerifierDaemon } from '@piecework/verifier'
import { type Kinds, loadKinds } from '@piecework/work'

export const NODES = 160
export const VERIFIERS = 8
/** So many enrolments enter in an epoch: sixteen times as many wait. */
export const ENROLMENTS = 4
export const STAMP_BITS = 6
const CONTENT_BYTES = 1_000_000
const SLOT_MS = 400
/** Whatever needs no slot has happened after so many turns. */
const TURNS = 60
/** Whatever waits for a state of the chain sees one within so many slots. */
const PATIENCE = 20

type Judge = (message: Received) => Promise<RuleId>

const QUIET = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** A job on chain, by its place among them. */
export interface PlannedJob {
  readonly spec: Uint8Array
  /** Verifiers say that they hold it: it opens, whether it is here or not. */
  readonly isOpen: boolean
  readonly isHere: boolean
}

export function hashOf(content: string | Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(content).digest())
}

export function nodeKey(number: number): SigningKey {
  return keyFromSecret(hashOf(`node ${number}`))
}

export function verifierKey(id: number): SigningKey {
  return keyFromSecret(hashOf(`key of vote key ${id}`))
}

export class HearingVerifier {
  readonly net: TestNetwork
  readonly networkId: Uint8Array
  /** Full when its capacity is. */
  readonly disks: MemoryDisks
  readonly #time: SlotTime
  readonly #store: Store
  readonly #kinds: Kinds
  readonly #judges: ReadonlyMap<Topic, Judge>
  readonly #daemon: VerifierDaemon

  private constructor(parts: {
    readonly net: TestNetwork
    readonly time: SlotTime
    readonly disks: MemoryDisks
    readonly store: Store
    readonly kinds: Kinds
    readonly judges: ReadonlyMap<Topic, Judge>
    readonly daemon: VerifierDaemon
  }) {
    this.net = parts.net
    this.disks = parts.disks
    this.networkId = bytesOf(parts.net.chain.at.network)
    this.#time = parts.time
    this.#store = parts.store
    this.#kinds = parts.kinds
    this.#judges = parts.judges
    this.#daemon = parts.daemon
  }

  /** Knows nothing yet. */
  static async begin(): Promise<HearingVerifier> {
    const harness = memoryHarness()
    const net = new TestNetwork(harness, Array<bigint>(VERIFIERS).fill(1_000n))
    const networkId = bytesOf(harness.chain.at.network)
    const paged = pageState(genesisOf(networkId))
    const params = { maxEnrolments: ENROLMENTS, stampBits: STAMP_BITS }
    await net.begin(localParams(params), paged.stateHash)
    const key = verifierKey(0)
    const judges = new Map<Topic, Judge>()
    const time = new SlotTime()
    const disks = new MemoryDisks()
    const store = await openMemoryStore(disks, {
      networkId,
      contentQuotaBytes: CONTENT_BYTES,
      retainStates: 2,
    })
    const kinds = await loadKinds([], (name) => import(name))
    const daemon = makeVerifier({
      measureBytes: 0,
      chain: harness.chain,
      network: hearing(new MemoryNetworks().join(key.publicKey), judges),
      store,
      sandbox: { run: () => Promise.reject(new Error('nothing is run here')) },
      kinds,
      key,
      genesis: writeStateFile(paged),
      time,
      now: () => time.now(),
      randomBytes: (length) => new Uint8Array(length).fill(9),
      log: QUIET,
    })
    await daemon.start()
    return new HearingVerifier({ net, time, disks, store, kinds, judges, daemon })
  }

  /** Once, before anything is said: the first jobs on chain, for people to label. */
  async takes(jobs: readonly PlannedJob[]): Promise<void> {
    const workKind = this.#kinds.named('label').id
    const others = Array.from({ length: VERIFIERS - 1 }, (_, i) => 1 + i)
    for (const [i, { spec, isOpen, isHere }] of jobs.entries()) {
      const [nonce, specHash] = [BigInt(i), hashOf(spec)]
      await this.net.does([this.net.job(nonce, { workKind, specHash })])
      if (isHere) await this.#store.content.put(specHash, [spec])
      if (isOpen) await this.net.does([this.net.holding(nonce, ...others)])
    }
  }

  /** By which rule it judges a message. Whoever passed it on does not matter. */
  async hear(topic: Topic, bytes: Uint8Array): Promise<RuleId | 'nobody listens'> {
    const judge = this.#judges.get(topic)
    return judge === undefined ? 'nobody listens' : judge({ bytes, from: hashOf('a neighbour') })
  }

  /** Until this slot is seen here, with all that follows from it. */
  async until(slot: number): Promise<void> {
    await this.net.until(slot)
    for (let waited = 0; !(await this.#sees(slot)); waited++) {
      if (waited === PATIENCE) throw new Error(`it does not see slot ${slot}`)
      await this.net.harness.tick(1)
    }
  }

  async #sees(slot: number): Promise<boolean> {
    for (let turn = 0; turn < TURNS; turn++) await new Promise((next) => setImmediate(next))
    this.#time.pass(SLOT_MS)
    return (this.#daemon.status().slot ?? 0) >= slot
  }

  /** Seals it, with these commits, and goes on to where its reveals are taken. */
  async revealing(number: number, commits: ReadonlyMap<number, Uint8Array>): Promise<void> {
    const { sealedSlot, challenge, commit } = await this.net.seal(number)
    await this.net.until(sealedSlot + challenge)
    const posts = [...commits].map(([id, value]) => ({
      voteKey: addressOf(verifierKey(id).publicKey),
      value,
    }))
    await this.net.does([postValues(this.net.chain.at, { what: 'commit', number, posts })])
    await this.until(sealedSlot + challenge + commit)
  }

  async stop(): Promise<void> {
    const stopped = this.#daemon.stop()
    let isOver = false
    void stopped.then(() => {
      isOver = true
    })
    while (!isOver) await this.#sees(0)
    await stopped
  }
}

function genesisOf(networkId: Uint8Array): ReturnType<typeof genesisState> {
  const nodes = Array.from({ length: NODES }, (_, number) => ({
    nodeKey: nodeKey(number).publicKey,
    wallet: keyFromSecret(hashOf(`wallet ${number}`)).publicKey,
    kinds: [],
    attributes: [],
    expiresAtEpoch: 1_000,
    vouched: 0n,
    minAmount: 0n,
    maxFee: 0n,
  }))
  return genesisState({ networkId, nodes, kinds: [], trialRows: 5 })
}

/** A network without others, whose judges are kept. */
function hearing(network: Network, judges: Map<Topic, Judge>): Network {
  return {
    self: network.self,
    start: () => network.start(),
    stop: () => network.stop(),
    addresses: () => [],
    peers: () => [],
    onPeer: () => () => {},
    publish: () => Promise.resolve(),
    ask: () => Promise.reject(new NetworkError('network/unreachable', 'There is nobody else.')),
    answer: (protocol, answer) => network.answer(protocol, answer),
    openLink: () => Promise.reject(new NetworkError('network/unreachable', 'There is nobody else.')),
    takeLinks: () => () => {},
    subscribe(topic, judge) {
      judges.set(topic, judge)
      return () => {
        judges.delete(topic)
      }
    },
  }
}
