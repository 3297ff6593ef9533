// A contributor's node: its stages in the order in which data passes, each told what the chain says in every slot.
import type { Daemon, Log } from '@piecework/api'
import {
  type AsOf,
  addressOf,
  bytesOf,
  type Chain,
  followNetwork,
  type NetworkState,
  parseAddress,
  type Time,
  type Unsubscribe,
} from '@piecework/chain'
import type { Network } from '@piecework/network'
import type { HeldBatch, SigningKey } from '@piecework/protocol'
import type { Store } from '@piecework/store'
import type { Kinds, Sandbox } from '@piecework/work'
import { Claim } from './claim.ts'
import { agreedIn } from './common/consent.ts'
import { NodeContent } from './common/content.ts'
import { Jobs } from './common/jobs.ts'
import { LatencyLog } from './common/latencies.ts'
import { type Moment, takenEpochs, workingEpoch } from './common/moment.ts'
import { recover, rowsOf } from './common/recover.ts'
import { type Rested, Steady, type Trouble, whyOf } from './common/steady.ts'
import { Verifiers } from './common/verifiers.ts'
import type { Word } from './common/word.ts'
import type { NodeConfig } from './config.ts'
import { Deal } from './deal.ts'
import { Deliver } from './deliver.ts'
import { Enrol } from './enrol.ts'
import { Follow, type Wanting } from './follow.ts'
import { Publish } from './publish.ts'
import { Recorder } from './record.ts'
import type { NodeStatus } from './status.ts'
import { Work } from './work.ts'

/** What is under way when it is told to stop gets so long; less than the five seconds that a shutdown may take. */
const STOP_MS = 3_000
/** A row waits so long for its batch, where the config does not say. */
const BATCH_MS = { local: 1_000, public: 10_000 } as const

export interface NodePorts {
  readonly chain: Chain
  readonly network: Network
  readonly store: Store
  readonly sandbox: Sandbox
  readonly kinds: Kinds
  readonly key: SigningKey
  /** The enrolment that `join` made. */
  readonly joined?: Uint8Array | undefined
  readonly time: Time
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** At least 0, less than 1. */
  readonly random: () => number
  /** Bytes that nobody can guess. */
  readonly randomBytes: (length: number) => Uint8Array
  readonly log: Log
  /** For the metrics. */
  readonly onMoment?: (status: NodeStatus) => void
}

export interface NodeDaemon extends Daemon {
  status(): NodeStatus
  /** Takes no further tasks, and goes on with everything else. */
  drain(): void
  /** An enrolment without kinds: nothing is dealt to this node any more, and its bond comes back after some time. */
  leave(): Promise<void>
}

type Settings = Pick<
  NodeConfig,
  'wallet' | 'kinds' | 'attributes' | 'parallel' | 'batchSeconds' | 'claimFrom' | 'preset'
>

export function makeNode(config: Settings, ports: NodePorts): NodeDaemon {
  return new ContributorNode(config, ports)
}

class ContributorNode implements NodeDaemon {
  readonly #config: Settings
  readonly #ports: NodePorts
  readonly #verifiers: Verifiers
  readonly #jobs: Jobs
  readonly #latencies = new LatencyLog()
  readonly #enrol: Enrol
  readonly #deal: Deal
  readonly #work: Work
  readonly #record: Recorder
  readonly #publish: Publish
  readonly #deliver: Deliver
  readonly #follow: Follow
  readonly #claim: Claim
  /** The stages that wait for others, in the order in which data passes, each at its own pace. */
  readonly #steps: readonly Steady<Moment>[]
  readonly #publishing: Steady<Moment>
  #moment: Moment | undefined
  #word: Word | undefined
  #isRecovered = false
  #chainTrouble: Trouble | undefined
  readonly #ending: Unsubscribe[] = []
  #stopping: Promise<void> | undefined

  constructor(config: Settings, ports: NodePorts) {
    this.#config = config
    this.#ports = ports
    const { chain, store, key, kinds, now } = ports
    const { consent, capacities } = agreedIn(config, kinds)
    const networkId = bytesOf(chain.at.network)
    const verifiers = new Verifiers(ports)
    const content = new NodeContent({ store: store.content, verifiers })
    const jobs = new Jobs({ chain, kinds, content })
    const { receipts, settings } = store
    const all = { ...ports, networkId, nodeKey: key.publicKey, verifiers, jobs, content, receipts, settings }

    this.#enrol = new Enrol({
      ...all,
      kinds: capacities,
      attributes: config.attributes,
      joined: ports.joined,
    })
    this.#deal = new Deal({ ...all, pass: (tasks) => this.#work.take(tasks) })
    const { parallel } = config
    this.#work = new Work({ ...all, consent, parallel, pass: (done) => this.#record.keep(done) })
    const batchIntervalMs = (config.batchSeconds ?? 0) * 1_000 || BATCH_MS[config.preset]
    this.#record = new Recorder({ ...all, batchIntervalMs, pass: (batch, at) => this.#send(batch, at) })
    const lost = async (batches: readonly HeldBatch[]): Promise<void> => {
      for (const batch of batches) this.#record.resume(await rowsOf({ receipts, jobs }, batch))
    }
    this.#publish = new Publish({ ...all, lost })
    this.#deliver = new Deliver(all)
    this.#follow = new Follow({
      ...all,
      acknowledged: (head) => this.#publish.acknowledged(head),
      pass: (word) => this.#hear(word),
    })
    const wallet = bytesOf(parseAddress(config.wallet))
    const landed = (epoch: number, at: number): void => this.#latencies.landed(epoch, at)
    this.#claim = new Claim({ ...all, wallet, threshold: config.claimFrom, landed })

    const step = (name: string, see: (moment: Moment) => Promise<Rested>): Steady<Moment> =>
      new Steady(name, see, { log: ports.log, now })
    this.#publishing = step('publish', (moment) => this.#publish.see(moment))
    this.#steps = [
      step('enrol', (moment) => this.#enrol.see(moment, this.#word)),
      step('deal', (moment) => this.#deal.see(moment)),
      step('record', (moment) => this.#record.see(moment)),
      this.#publishing,
      step('deliver', (moment) => this.#deliver.see(moment, this.#word)),
      step('follow', (moment) => this.#follow.see(moment, this.#wanting)),
      step('claim', (moment) => this.#claim.see(moment)),
    ]
    this.#verifiers = verifiers
    this.#jobs = jobs
  }

  async start(): Promise<void> {
    const { chain } = this.#ports
    this.#ending.push(this.#deliver.start())
    const onState = (state: AsOf<NetworkState>): Promise<void> => this.#read(state)
    this.#ending.push(followNetwork(chain, { onState, onError: (error) => this.#isAway(error) }))
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  /** What is done is signed and sent once more, as far as there is time. */
  async #stop(): Promise<void> {
    for (const end of this.#ending) end()
    this.#work.stop()
    const over = new AbortController()
    const ended = this.#end().finally(() => over.abort())
    await Promise.race([ended, this.#ports.time.wait(STOP_MS, over.signal)])
  }

  async #end(): Promise<void> {
    await Promise.all(this.#steps.map((step) => step.stop()))
    const moment = this.#moment
    if (moment === undefined) return
    try {
      await this.#record.finish(moment)
      await this.#publish.see(moment)
      await this.#publish.settled()
    } catch (error) {
      this.#ports.log.warn('stopped-with-rows-unsent', { why: whyOf(error) })
    }
  }

  async #read({ slot, value: state }: AsOf<NetworkState>): Promise<void> {
    const { chain, log } = this.#ports
    const moment = { slot: Math.max(slot, chain.clock.slot()), state }
    this.#verifiers.see(moment)
    if (!this.#isRecovered) await this.#recover(moment)
    if (this.#chainTrouble !== undefined) log.info('chain-is-back', { after: this.#chainTrouble.why })
    this.#chainTrouble = undefined
    this.#tell(moment)
  }

  /** Slots pass whether they can be read or not: what is known of the epoch holds until it is over. */
  #isAway(error: unknown): void {
    const { chain, log, now } = this.#ports
    const why = whyOf(error)
    if (this.#chainTrouble === undefined) log.warn('chain-is-away', { why })
    this.#chainTrouble = { stage: 'chain', why, since: this.#chainTrouble?.since ?? now() }
    if (this.#moment === undefined) return
    this.#tell({ ...this.#moment, slot: Math.max(this.#moment.slot, chain.clock.slot()) })
  }

  /** Before anything is dealt: what was done before this start. */
  async #recover(moment: Moment): Promise<void> {
    const to = workingEpoch(moment)?.number
    if (to === undefined) return
    const { store, key, log } = this.#ports
    const from = await this.#follow.oldest(moment)
    const { receipts, acks } = store
    const ports = { receipts, acks, jobs: this.#jobs, verifiers: this.#verifiers }
    const epochs = { nodeKey: key.publicKey, from, to, taken: takenEpochs(moment) }
    const { done, waiting } = await recover(ports, epochs)
    this.#work.skip(done)
    this.#record.resume(waiting)
    this.#isRecovered = true
    log.info('ready', { epoch: to, done: done.length, waiting: waiting.length })
  }

  #tell(moment: Moment): void {
    this.#moment = moment
    if (!this.#isRecovered) return
    this.#work.see(moment)
    for (const step of this.#steps) step.see(moment)
    this.#ports.onMoment?.(this.status())
  }

  get #wanting(): Wanting {
    return { heads: this.#publish.heads, keptFrom: this.#record.keptFrom }
  }

  /** At once, not with the next slot. */
  #send(batch: HeldBatch, endedAt: number): void {
    this.#publish.take(batch)
    this.#latencies.signed({ epoch: batch.epoch, seq: batch.seq, endedAt })
    if (this.#moment !== undefined) this.#publishing.see(this.#moment)
  }

  #hear(word: Word): void {
    this.#word = word
    this.#latencies.decided(word.results)
  }

  drain(): void {
    this.#work.drain()
  }

  leave(): Promise<void> {
    return this.#enrol.leave()
  }

  status(): NodeStatus {
    const { key, network } = this.#ports
    const moment = this.#moment
    const epoch = moment === undefined ? undefined : workingEpoch(moment)?.number
    const standing = this.#word?.standing
    const troubles = this.#steps.flatMap(({ trouble }) => trouble ?? [])
    return {
      node: addressOf(key.publicKey),
      wallet: this.#config.wallet,
      index: standing?.node,
      enrolled: standing !== undefined,
      epoch,
      slot: moment?.slot,
      peers: network.peers().length,
      tasks: { ...this.#work.counts, dealtThisEpoch: epoch === undefined ? 0 : this.#deal.dealtIn(epoch) },
      rows: this.#record.counts,
      batches: this.#publish.counts,
      delivered: this.#deliver.counts.delivered,
      standing,
      earnings: this.#claim.earnings,
      claims: this.#claim.history,
      latencies: this.#latencies.summary(),
      results: this.#word?.results ?? [],
      troubles: this.#chainTrouble === undefined ? troubles : [this.#chainTrouble, ...troubles],
    }
  }
}
