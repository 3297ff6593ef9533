// A contributor's node: told what the chain says slot by slot, it tells its stages, in the order in which data passes.
import { type Daemon, type Rested, Steady, sentenceOf, type Trouble } from '@piecework/api'
import {
  type AsOf,
  followNetwork,
  type NetworkState,
  newStoreSignsFrom,
  type Unsubscribe,
} from '@piecework/chain'
import {
  type Moment,
  slotsBetweenReadings,
  slotsBetweenTellings,
  takenEpochs,
  workingEpoch,
} from './common/moment.ts'
import { recover } from './common/recover.ts'
import type { Word } from './common/word.ts'
import type { Wanting } from './follow.ts'
import { makeStages, type NodeSettings, type StagePorts, type Stages } from './stages.ts'
import { type NodeStatus, statusOf } from './status.ts'

/** What is under way when it is told to stop gets so long; less than the five seconds that a shutdown may take. */
const STOP_MS = 3_000
/** Troubles to look back on. */
const LAST_ERRORS = 10

export interface NodePorts extends StagePorts {
  /** For the metrics. */
  readonly onMoment?: (status: NodeStatus) => void
}

export interface NodeDaemon extends Daemon {
  status(): NodeStatus
  /** Takes no further tasks, and goes on with everything else. */
  drain(): void
  /** An enrolment without kinds: nothing is dealt to this node any more, and its bond comes back after some time. */
  leave(): Promise<void>
  /** Tasks that wait for somebody's answer, with what they show, and the hosts that tasks asked for. */
  readonly asking: Pick<Stages, 'questions' | 'content' | 'web'>
}

export function makeNode(config: NodeSettings, ports: NodePorts): NodeDaemon {
  return new ContributorNode(config, ports)
}

class ContributorNode implements NodeDaemon {
  readonly #wallet: string
  readonly #ports: NodePorts
  readonly #stages: Stages
  /** Those that wait for others, each at its own pace. */
  readonly #steps: readonly Steady<Moment>[]
  readonly #publishing: Steady<Moment>
  #moment: Moment | undefined
  #word: Word | undefined
  #isBegun = false
  #isRecovered = false
  #chainTrouble: Trouble | undefined
  #lastErrors: readonly Trouble[] = []
  readonly #ending: Unsubscribe[] = []
  #stopping: Promise<void> | undefined

  constructor(config: NodeSettings, ports: NodePorts) {
    this.#wallet = config.wallet
    this.#ports = ports
    const stages = makeStages(config, ports, {
      signed: () => this.#moment && this.#publishing.see(this.#moment),
      said: (word) => {
        this.#word = word
      },
    })
    const step = (name: string, see: (moment: Moment) => Promise<Rested>): Steady<Moment> =>
      new Steady(name, see, ports)
    this.#publishing = step('publish', (moment) => stages.publish.see(moment))
    this.#steps = [
      step('enrol', (moment) => stages.enrol.see(moment, this.#word)),
      step('deal', (moment) => stages.deal.see(moment)),
      step('standing', (moment) => stages.standing.see(moment)),
      step('links', (moment) => stages.links.see(moment)),
      step('record', (moment) => stages.record.see(moment)),
      this.#publishing,
      step('deliver', (moment) => stages.deliver.see(moment, this.#word)),
      step('follow', (moment) => stages.follow.see(moment, this.#wanting)),
      step('claim', (moment) => stages.claim.see(moment)),
    ]
    this.#stages = stages
  }

  async start(): Promise<void> {
    const { chain } = this.#ports
    const { deliver, standing, links } = this.#stages
    this.#ending.push(deliver.start())
    if (standing.isAgreed) this.#ending.push(links.start())
    const onState = (state: AsOf<NetworkState>): Promise<void> => this.#read(state)
    const onError = (error: unknown): void => this.#isAway(error)
    this.#ending.push(followNetwork(chain, { everySlots: slotsBetweenReadings, onState, onError }))
    this.#ending.push(chain.onSlot((slot) => this.#pass(slot)))
  }

  /** Time passes between two readings, too. */
  #pass(slot: number): void {
    const last = this.#moment
    if (last === undefined || slot < last.slot + slotsBetweenTellings(last.state)) return
    this.#tell({ ...last, slot })
  }

  async #read({ slot, value: state }: AsOf<NetworkState>): Promise<void> {
    const { chain, log } = this.#ports
    const moment = { slot: Math.max(slot, chain.clock.slot()), state }
    this.#stages.verifiers.see(moment)
    if (!this.#isBegun) await this.#begin(moment)
    if (!this.#isRecovered) await this.#recover(moment)
    if (this.#chainTrouble !== undefined) log.info('chain-is-back', { after: this.#chainTrouble.why })
    this.#chainTrouble = undefined
    this.#tell(moment)
  }

  /** Slots pass whether they can be read or not: what is known of the epoch holds until it is over. */
  #isAway(error: unknown): void {
    const { chain, log, now } = this.#ports
    const why = sentenceOf(error)
    if (this.#chainTrouble === undefined) log.warn('chain-is-away', { why })
    this.#chainTrouble = { stage: 'chain', why, since: this.#chainTrouble?.since ?? now() }
    if (this.#moment === undefined) return
    this.#tell({ ...this.#moment, slot: Math.max(this.#moment.slot, chain.clock.slot()) })
  }

  /** Before anything is signed: in a new store nothing is known of what this key signed elsewhere. */
  async #begin({ slot, state: { network } }: Moment): Promise<void> {
    const { store, log } = this.#ports
    const epoch = newStoreSignsFrom(network, slot)
    if (await store.guard.begin(epoch)) log.info('store-is-new', { signsFrom: epoch })
    this.#isBegun = true
  }

  /** Before anything is dealt: what was done before this start. */
  async #recover(moment: Moment): Promise<void> {
    const to = workingEpoch(moment)?.number
    if (to === undefined) return
    const { store, key, log } = this.#ports
    const { verifiers, jobs, work, standing, record, follow } = this.#stages
    const { receipts, acks } = store
    const from = await follow.oldest(moment)
    const epochs = { nodeKey: key.publicKey, from, to, taken: takenEpochs(moment) }
    const { done, waiting } = await recover({ receipts, acks, jobs, verifiers }, epochs)
    work.skip(done)
    standing.skip(done)
    record.resume(waiting)
    this.#isRecovered = true
    log.info('ready', { epoch: to, done: done.length, waiting: waiting.length })
  }

  #tell(moment: Moment): void {
    this.#moment = moment
    this.#noteTroubles()
    if (!this.#isRecovered) return
    this.#stages.work.see(moment)
    for (const step of this.#steps) step.see(moment)
    this.#ports.onMoment?.(this.status())
  }

  get #troubles(): readonly Trouble[] {
    const troubles = this.#steps.flatMap(({ trouble }) => trouble ?? [])
    return this.#chainTrouble === undefined ? troubles : [this.#chainTrouble, ...troubles]
  }

  /** The newest ones, each once, with what was said of it last. */
  #noteTroubles(): void {
    const now = this.#troubles
    const isNow = ({ stage, since }: Trouble): boolean =>
      now.some((one) => one.stage === stage && one.since === since)
    this.#lastErrors = [...this.#lastErrors.filter((one) => !isNow(one)), ...now].slice(-LAST_ERRORS)
  }

  get #wanting(): Wanting {
    const { publish, record } = this.#stages
    const { heads } = publish
    const unsent = heads.map(({ epoch }) => epoch)
    return { heads, keptFrom: Math.min(record.keptFrom, ...unsent) }
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    for (const end of this.#ending) end()
    this.#stages.work.stop()
    const over = new AbortController()
    const ended = this.#end().finally(() => over.abort())
    await Promise.race([ended, this.#ports.time.wait(STOP_MS, over.signal)])
  }

  /** What is done is signed and sent once more, as far as there is time. */
  async #end(): Promise<void> {
    await Promise.all(this.#steps.map((step) => step.stop()))
    const { record, publish } = this.#stages
    if (this.#moment === undefined) return
    try {
      await record.finish(this.#moment)
      await publish.see(this.#moment)
      await publish.settled()
    } catch (error) {
      this.#ports.log.warn('stopped-with-rows-unsent', { why: sentenceOf(error) })
    }
  }

  drain(): void {
    this.#stages.work.drain()
    this.#stages.standing.drain()
  }

  leave(): Promise<void> {
    return this.#stages.enrol.leave()
  }

  get asking(): NodeDaemon['asking'] {
    return this.#stages
  }

  status(): NodeStatus {
    return statusOf(this.#stages, {
      nodeKey: this.#ports.key.publicKey,
      wallet: this.#wallet,
      moment: this.#moment,
      word: this.#word,
      peers: this.#ports.network.peers().length,
      troubles: this.#troubles,
      lastErrors: this.#lastErrors,
    })
  }
}
