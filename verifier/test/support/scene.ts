// A network in memory: the chain with its program, verifiers with a disk each, a settler, and a contributor by script.
// A test moves the slots; the machine's own work (the sandbox) is waited for.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bytesOf, type Signer } from '@piecework/chain'
import {
  type GenesisNode,
  genesisState,
  keyFromSecret,
  kindsCodec,
  pageState,
  type SigningKey,
  writeStateFile,
} from '@piecework/protocol'
import { makeSettler, type Settler, settling } from '@piecework/settler'
import { MemoryDisks, openMemoryStore, type Store } from '@piecework/store'
import {
  type MemoryChain,
  type MemoryNetwork,
  MemoryNetworks,
  SeededRandom,
  SlotTime,
} from '@piecework/testkit'
import { localParams, memoryHarness, TestNetwork } from '@piecework/testkit/settlement'
import { findPrefix, type Kinds, loadKinds, makeSandbox, type Sandbox } from '@piecework/work'
import { makeVerifier, type VerifierDaemon } from '../../src/index.ts'
import { Contributor } from './contributor.ts'
import { Lines } from './lines.ts'
import { WatchedSandbox } from './machine.ts'

export function hashOf(text: string | Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(text).digest())
}

const examples = join(import.meta.dirname, '..', '..', '..', 'docs', 'examples', 'align')
export const example = (name: string): Uint8Array => new Uint8Array(readFileSync(join(examples, name)))

const SLOT_MS = 400
const QUARTERS = 4
const LAMPORTS = 1_000_000_000n
const TRIAL_ROWS = 5
/** Of the contributor: enough for many rows at once. */
const VOUCHED = 5_000n

export interface SceneOptions {
  readonly vouched?: bigint
  /** Listed beside the contributor by script. */
  readonly nodes?: readonly GenesisNode[]
  /** What of the machine's own work a slot waits for, beside the sandbox. */
  readonly idle?: () => Promise<void>
}

const STORE = { contentQuotaBytes: 50_000_000, retainStates: 4 }
/** More than these jobs take. */
const MEASURE_BYTES = 100_000_000
/** No test waits for more. */
const MOST_SLOTS = 120

export interface Running {
  readonly id: number
  readonly key: SigningKey
  readonly disks: MemoryDisks
  readonly log: Lines
  readonly network: MemoryNetwork
  readonly store: Store
  readonly daemon: VerifierDaemon
  isAway: boolean
}

export class Scene {
  readonly chain: MemoryChain
  readonly net: TestNetwork
  readonly networkId: Uint8Array
  readonly networks: MemoryNetworks = new MemoryNetworks()
  readonly time: SlotTime = new SlotTime()
  readonly sandbox: WatchedSandbox
  readonly kinds: Kinds
  readonly verifiers: Running[] = []
  readonly contributor: Contributor
  readonly settlerWallet: Signer
  readonly #random = new SeededRandom('a network of verifiers')
  readonly #genesis: Uint8Array
  readonly #rules: Uint8Array
  readonly #idle: () => Promise<void>
  settler: Settler | undefined

  constructor(built: {
    readonly idle: () => Promise<void>
    readonly net: TestNetwork
    readonly chain: MemoryChain
    readonly kinds: Kinds
    readonly sandbox: Sandbox
    readonly genesis: Uint8Array
    readonly rules: Uint8Array
    readonly node: SigningKey
    readonly wallet: Uint8Array
  }) {
    const { net, chain, kinds, sandbox, genesis, rules, node, wallet } = built
    this.#idle = built.idle
    this.net = net
    this.chain = chain
    this.networkId = bytesOf(chain.at.network)
    this.kinds = kinds
    this.sandbox = new WatchedSandbox(sandbox)
    this.#genesis = genesis
    this.#rules = rules
    this.settlerWallet = net.harness.key('wallet of the settler')
    this.contributor = new Contributor({
      key: node,
      wallet,
      networkId: this.networkId,
      network: this.networks.join(node.publicKey),
      kinds,
      sandbox: this.sandbox,
      random: new SeededRandom('the contributor'),
    })
  }

  async startVerifier(id: number, disks: MemoryDisks = new MemoryDisks()): Promise<Running> {
    const key = keyFromSecret(hashOf(`key of vote key ${id}`))
    const network = this.networks.join(key.publicKey)
    await network.start()
    const store = await openMemoryStore(disks, { ...STORE, networkId: this.networkId })
    const log = new Lines()
    const daemon = makeVerifier({
      chain: this.chain,
      network,
      store,
      sandbox: this.sandbox,
      kinds: this.kinds,
      key,
      // The first has them from its founder, the others from the first.
      genesis: id === 0 ? this.#genesis : undefined,
      rules: id === 0 ? this.#rules : undefined,
      time: this.time,
      now: () => this.time.now(),
      randomBytes: (length) => this.#random.bytes(length),
      measureBytes: MEASURE_BYTES,
      stopwatch: () => network.linkMs,
      log,
    })
    await daemon.start()
    const running = { id, key, disks, log, network, store, daemon, isAway: false }
    this.verifiers[id] = running
    return running
  }

  /** From here on nothing of it reaches anybody, and nothing more reaches its disks: what is there stays. */
  async kill(id: number): Promise<void> {
    const running = this.verifiers[id]
    if (running === undefined) throw new Error(`there is no verifier ${id}`)
    running.isAway = true
    await running.network.stop()
    await running.store.close()
    void running.daemon.stop()
    await this.slot()
  }

  restart(id: number): Promise<Running> {
    return this.startVerifier(id, this.verifiers[id]?.disks)
  }

  async startSettler(): Promise<void> {
    this.chain.fund(this.settlerWallet.address, LAMPORTS)
    await this.slot()
    const network = this.networks.join(bytesOf(this.settlerWallet.address))
    await network.start()
    const ports = {
      chain: this.chain,
      network,
      time: this.time,
      log: new Lines(),
      wallet: this.settlerWallet,
    }
    this.settler = makeSettler(settling.parse({}), ports)
    await this.settler.start()
  }

  async slot(): Promise<void> {
    this.chain.tick()
    for (let quarter = 0; quarter < QUARTERS; quarter++) {
      await this.#settled()
      this.time.pass(SLOT_MS / QUARTERS)
    }
    await this.#settled()
  }

  async until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
    for (let slot = 0; slot < MOST_SLOTS; slot++) {
      if (await holds()) return
      await this.slot()
    }
    throw new Error(`it did not come to that: ${what}\n${this.troubles()}`)
  }

  async lastFinal(): Promise<number> {
    return (await this.net.state()).lastFinal
  }

  /** For messages of failing tests. */
  troubles(): string {
    return this.verifiers
      .map(({ id, daemon, log }) => {
        const warned = log.lines.filter(({ level }) => level !== 'debug').slice(-12)
        const lines = warned.map(({ event, fields }) => `${event} ${JSON.stringify(fields, textOf)}`)
        return `verifier ${id}: ${JSON.stringify(daemon.status(), textOf)}\n  ${lines.join('\n  ')}`
      })
      .join('\n')
  }

  /** Slots pass meanwhile: what waits for some has a limit, and that is told in time. */
  async stop(): Promise<void> {
    let isOver = false
    const stopped = Promise.all([this.settler?.stop(), ...this.verifiers.map(({ daemon }) => daemon.stop())])
    const over = stopped.then(() => {
      isOver = true
    })
    await this.until(() => isOver, 'everything has stopped')
    await over
    await Promise.all(this.verifiers.map(({ network }) => network.stop()))
  }

  /** Until everything that needs no slot has happened. */
  async #settled(): Promise<void> {
    for (let turn = 0; turn < 10; turn++) {
      await new Promise((next) => setImmediate(next))
      await this.sandbox.idle()
      await this.#idle()
    }
  }
}

function textOf(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex').slice(0, 12) : value
}

const options = { node: process.execPath, wallMs: 30_000, processes: 2 }

export async function beginScene(
  verifiers: number,
  { vouched = VOUCHED, nodes = [], idle = async () => {} }: SceneOptions = {},
): Promise<Scene> {
  const kinds = await loadKinds([], (name) => import(name))
  const rules = kinds.all.map(({ id, version, allocation, checking, rate }) => {
    return { kind: id, version, allocation, checking, rate, cap: 0 }
  })
  const harness = memoryHarness()
  const net = new TestNetwork(harness, Array(verifiers).fill(1_000n))
  const networkId = bytesOf(harness.chain.at.network)
  const node = keyFromSecret(hashOf('the node'))
  const wallet = keyFromSecret(hashOf('the wallet')).publicKey
  const compute = kinds.named('compute').id
  const listed = {
    nodeKey: node.publicKey,
    wallet,
    kinds: [{ kind: compute, capacity: 100 }],
    attributes: [],
    expiresAtEpoch: 1_000,
    vouched,
    minAmount: 1n,
    maxFee: 0n,
  }
  const paged = pageState(
    genesisState({ networkId, nodes: [listed, ...nodes], kinds: rules, trialRows: TRIAL_ROWS }),
  )
  const rulesBytes = kindsCodec.encode(rules)
  await net.begin(localParams({ kindsHash: hashOf(rulesBytes), trialRows: TRIAL_ROWS }), paged.stateHash)
  const sandbox = makeSandbox({ ...options, prefix: await findPrefix(options) })
  const genesis = writeStateFile(paged)
  const { chain } = harness
  return new Scene({ net, chain, kinds, sandbox, genesis, rules: rulesBytes, node, wallet, idle })
}
