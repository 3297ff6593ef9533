// A network in memory for a node to work in: the chain with its program, three verifiers by script, and a disk.
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Log, LogFields } from '@piecework/api'
import { bytesOf, readNetwork, type Time } from '@piecework/chain'
import { keyFromSecret, type SigningKey, toHex } from '@piecework/protocol'
import { MemoryDisks, openMemoryStore, restoreMemoryStore, type Store } from '@piecework/store'
import { type MemoryChain, type MemoryNetwork, MemoryNetworks, SeededRandom } from '@piecework/testkit'
import { localParams, memoryHarness, TestNetwork } from '@piecework/testkit/settlement'
import type { Moment } from '../../src/common/moment.ts'
import { Verifiers } from '../../src/common/verifiers.ts'
import { ScriptedVerifier } from './verifier.ts'

export function hashOf(text: string | Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(text).digest())
}

export interface Line {
  readonly event: string
  readonly fields: LogFields
}

export class Lines implements Log {
  readonly lines: Line[] = []
  readonly #add = (event: string, fields: LogFields = {}): void => void this.lines.push({ event, fields })
  readonly debug: Log['debug'] = this.#add
  readonly info: Log['info'] = this.#add
  readonly warn: Log['warn'] = this.#add
  readonly error: Log['error'] = this.#add

  count(event: string): number {
    return this.lines.filter((line) => line.event === event).length
  }
}

interface Built {
  readonly net: TestNetwork
  readonly chain: MemoryChain
  readonly disks: MemoryDisks
  readonly store: Store
}

const STORE = { contentQuotaBytes: 1_000_000, retainStates: 1 }

export class Scene {
  readonly net: TestNetwork
  readonly chain: MemoryChain
  readonly networkId: Uint8Array
  readonly networks: MemoryNetworks = new MemoryNetworks()
  network: MemoryNetwork
  readonly scripted: readonly ScriptedVerifier[]
  verifiers: Verifiers
  readonly key: SigningKey = keyFromSecret(hashOf('the node'))
  readonly wallet: Uint8Array = keyFromSecret(hashOf('the wallet')).publicKey
  readonly log: Lines = new Lines()
  readonly random: SeededRandom = new SeededRandom('a node')
  store: Store
  /** Milliseconds since 1970. */
  time = 1_700_000_000_000
  #disks: MemoryDisks

  constructor({ net, chain, disks, store }: Built) {
    this.net = net
    this.chain = chain
    this.store = store
    this.#disks = disks
    this.networkId = bytesOf(chain.at.network)
    this.network = this.networks.join(this.key.publicKey)
    this.scripted = net.voteKeys.map((_, id) => {
      const key = keyFromSecret(hashOf(`key of vote key ${id}`))
      const network = this.networks.join(key.publicKey)
      return new ScriptedVerifier({ id, key, networkId: this.networkId, network })
    })
    this.verifiers = this.#verifiers()
  }

  #verifiers(): Verifiers {
    return new Verifiers({ network: this.network, random: () => this.random.float(), time: this.#time })
  }

  get nodeKey(): Uint8Array {
    return this.key.publicKey
  }

  readonly now = (): number => this.time

  /** Only a stop waits, and who fetches something long: here for as long as anything can go on without another slot. */
  readonly #time: Time = { now: () => this.time, wait: () => settled() }

  /** What a main gives to the stages. */
  get ports(): Ports {
    const { chain, network, networkId, key, nodeKey, store, log, now, verifiers } = this
    const { receipts, settings } = store
    const random = (): number => this.random.float()
    const randomBytes = (length: number): Uint8Array => this.random.bytes(length)
    const lists = { chain, network, networkId, key, nodeKey, store, receipts, settings, verifiers }
    return { ...lists, log, now, random, randomBytes, time: this.#time }
  }

  /** The chain's state, as a stage is told it. */
  async moment(slot?: number): Promise<Moment> {
    const { slot: read, value: state } = await readNetwork(this.chain)
    const moment = { slot: slot ?? read, state }
    this.verifiers.see(moment)
    return moment
  }

  /** Gone without a word, and there again under the same key, with what was synced. */
  async crash(): Promise<void> {
    await this.network.stop()
    await this.restart()
    this.network = this.networks.join(this.key.publicKey)
    this.verifiers = this.#verifiers()
    await this.network.start()
  }

  /** A backup of now, on another machine that signs from this epoch on. */
  async restore(signFromEpoch: number): Promise<void> {
    const pieces: Uint8Array[] = []
    for await (const piece of this.store.backup(0)) pieces.push(piece)
    this.#disks = new MemoryDisks()
    const backup = Readable.from(pieces)
    await restoreMemoryStore(this.#disks, { networkId: this.networkId, backup, signFromEpoch })
    await this.crash()
  }

  /** Its folder is not there, and it begins an empty one under the same key. */
  async lose(): Promise<void> {
    this.#disks = new MemoryDisks()
    await this.crash()
  }

  /** What was synced is still there. */
  async restart(): Promise<void> {
    await this.store.close()
    this.store = await openMemoryStore(this.#disks, { ...STORE, networkId: this.networkId })
  }

  /** A job of echoes that is open, with its spec at all verifiers; gives its index. */
  async job(
    nonce: bigint,
    spec: Uint8Array,
    changed: Parameters<TestNetwork['job']>[1] = {},
  ): Promise<number> {
    const specHash = hashOf(spec)
    for (const one of this.scripted) one.content.set(toHex(specHash), spec)
    await this.net.does([this.net.job(nonce, { specHash, ...changed })])
    const { nextJob } = await this.net.state()
    return nextJob - 1
  }
}

export interface Ports {
  readonly chain: MemoryChain
  readonly network: MemoryNetwork
  readonly networkId: Uint8Array
  readonly key: SigningKey
  readonly nodeKey: Uint8Array
  readonly store: Store
  readonly receipts: Store['receipts']
  readonly settings: Store['settings']
  readonly verifiers: Verifiers
  readonly log: Lines
  readonly now: () => number
  readonly random: () => number
  readonly randomBytes: (length: number) => Uint8Array
  readonly time: Time
}

/** Started, in the first slots of epoch 0, with all verifiers there. */
export async function beginScene(params: Parameters<typeof localParams>[0] = {}): Promise<Scene> {
  const harness = memoryHarness()
  const net = new TestNetwork(harness)
  await net.begin(localParams(params))
  const disks = new MemoryDisks()
  const store = await openMemoryStore(disks, { ...STORE, networkId: bytesOf(harness.chain.at.network) })
  const scene = new Scene({ net, chain: harness.chain, disks, store })
  await scene.network.start()
  for (const one of scene.scripted) await one.start()
  await net.until((await net.epoch(0)).startsAt + 1)
  return scene
}

/** Until everything has happened that needs no other slot. */
export async function settled(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((next) => setImmediate(next))
}

/** Slots later, one by one, each with whatever happens in it. */
export async function slots(scene: Scene, count: number): Promise<void> {
  for (let slot = 0; slot < count; slot++) {
    scene.chain.tick()
    scene.time += 400
    await settled()
  }
}

/** Until it is so, slot by slot. */
export async function until(scene: Scene, isSo: () => boolean, most = 200): Promise<void> {
  for (let slot = 0; slot < most && !isSo(); slot++) await slots(scene, 1)
  if (!isSo()) throw new Error(`it does not come to that within ${most} slots`)
}
