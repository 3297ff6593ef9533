// A verifier: its stages in the order in which data passes, each told what the chain says in every slot.
import { type Daemon, type Rested, Steady, sentenceOf, type Trouble } from '@piecework/api'
import {
  type AsOf,
  addressOf,
  followNetwork,
  type NetworkState,
  newStoreSignsFrom,
  type seatsOf,
  type Unsubscribe,
} from '@piecework/chain'
import {
  type CosignAnswer,
  type CosignQuestion,
  type OffersAnswer,
  type OffersQuestion,
  protocols,
} from '@piecework/network'
import { Attest } from './attest.ts'
import { CatchUp } from './catch-up.ts'
import { Check } from './check.ts'
import { sha256 } from './common/hashes.ts'
import {
  epochOf,
  type Moment,
  openEpochs,
  sealedEpochs,
  seatOf,
  settlingEpoch,
  takenEpochs,
} from './common/moment.ts'
import { phaseOf } from './common/phase.ts'
import type { VerifierPorts } from './common/ports.ts'
import { type Shared, sharedBy } from './common/shared.ts'
import { cosign } from './cosign.ts'
import { Data } from './data.ts'
import { Dealing } from './deal.ts'
import { Deliver } from './deliver.ts'
import { Drawing } from './draw.ts'
import { finishedOf } from './finished.ts'
import { Gather } from './gather.ts'
import { Hold } from './hold.ts'
import { Intake } from './intake.ts'
import { Inventory } from './inventory.ts'
import { judgeKnown } from './known.ts'
import { Measure } from './measure.ts'
import { Outputs } from './outputs.ts'
import { Reporting } from './report.ts'
import { Reveals } from './reveals.ts'
import { Serve } from './serve.ts'
import { Settle } from './settle.ts'
import type { VerifierStatus } from './status.ts'
import { Vote } from './vote.ts'

/** What is under way when it is told to stop gets so long; less than the five seconds that a shutdown may take. */
const STOP_MS = 3_000

/** A stage looks at each new state of the chain, and does what is due. */
interface Stage {
  see(moment: Moment): Promise<Rested>
}

export interface VerifierDaemon extends Daemon {
  status(): VerifierStatus
  /** Whether this is the vote key of one in the roster, as far as the chain was read. */
  isVerifier(key: Uint8Array): boolean
  /** For a settler in the same process. */
  offers(question: OffersQuestion): Promise<OffersAnswer>
  cosign(question: CosignQuestion): Promise<CosignAnswer>
}

export function makeVerifier(ports: VerifierPorts): VerifierDaemon {
  return new Verifier(ports)
}

class Verifier implements VerifierDaemon {
  readonly #shared: Shared
  readonly #intake: Intake
  readonly #dealing: Dealing
  readonly #hold: Hold
  readonly #gather: Gather
  readonly #deliver: Deliver
  readonly #measure: Measure
  readonly #check: Check
  readonly #report: Reporting
  readonly #reveals: Reveals
  readonly #vote: Vote
  readonly #settle: Settle
  readonly #data: Data
  readonly #serve: Serve
  readonly #outputs: Outputs
  /** Each at its own pace, in the order in which data passes. */
  readonly #steps: readonly Steady<Moment>[]
  readonly #checking: Steady<Moment>
  readonly #ending: Unsubscribe[] = []
  /** The wallet of the settler in the same process, and of the one that asked most recently over the network. */
  #beside: Uint8Array | undefined
  #asking: Uint8Array | undefined
  #moment: Moment | undefined
  #isBegun = false
  #chainTrouble: Trouble | undefined
  #stopping: Promise<void> | undefined

  constructor(ports: VerifierPorts) {
    const shared = sharedBy(ports)
    const waiting = (): ReadonlyMap<string, Uint8Array> => this.#intake.waiting()
    const wake = (): void => this.#wake()
    const catchUp = new CatchUp(shared)
    this.#intake = new Intake(shared)
    this.#dealing = new Dealing(shared)
    this.#hold = new Hold({ ...shared, onChain: () => this.#dealing.jobs })
    const inventory = new Inventory({ ...shared, waiting })
    this.#gather = new Gather(shared)
    const drawing = new Drawing(shared)
    const stopwatch = ports.stopwatch ?? (() => ports.time.now())
    this.#measure = new Measure({ ...shared, stopwatch, onChain: () => this.#dealing.jobs })
    this.#deliver = new Deliver({ ...shared, pass: wake })
    this.#check = new Check({ ...shared, wake, pass: (found) => this.#report.take(found) })
    this.#report = new Reporting(shared)
    this.#reveals = new Reveals(shared)
    const attest = new Attest({ ...shared, settler: () => this.#beside ?? this.#asking })
    this.#vote = new Vote({ ...shared, reveals: this.#reveals })
    this.#settle = new Settle({ ...shared, pass: (computed) => shared.results.take(computed) })
    this.#data = new Data({ ...shared, waiting })
    this.#serve = new Serve({
      ...shared,
      saved: () => this.#settle.saved,
      idIn: (epoch) => this.#idIn(epoch),
    })
    this.#outputs = new Outputs(shared)

    const step = (name: string, stage: Stage): Steady<Moment> =>
      new Steady(name, (moment) => stage.see(moment), shared)
    this.#checking = step('check', this.#check)
    this.#steps = [
      step('catch-up', catchUp),
      step('intake', this.#intake),
      step('deal', this.#dealing),
      step('hold', this.#hold),
      step('measure', this.#measure),
      step('inventory', inventory),
      step('gather', this.#gather),
      step('draw', drawing),
      step('deliver', this.#deliver),
      this.#checking,
      step('report', this.#report),
      step('reveals', this.#reveals),
      step('attest', attest),
      step('vote', this.#vote),
      step('settle', this.#settle),
    ]
    this.#shared = shared
  }

  async start(): Promise<void> {
    const { chain, rules, store } = this.#shared
    if (rules !== undefined) await this.#shared.content.keep(sha256(rules), rules)
    const stored = await store.states.all()
    this.#shared.results.begin(stored.at(-1)?.epoch ?? -1)
    this.#ending.push(
      this.#intake.start(),
      this.#takeKnown(),
      this.#reveals.start(),
      this.#deliver.start(),
      ...this.#answer(),
    )
    const onState = (state: AsOf<NetworkState>): Promise<void> => this.#read(state)
    this.#ending.push(followNetwork(chain, { onState, onError: (error) => this.#isAway(error) }))
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    for (const end of this.#ending) end()
    this.#measure.stop()
    const over = new AbortController()
    const steps = this.#steps.map((step) => step.stop())
    const ended = Promise.all([...steps, this.#check.stop(), this.#gather.idle(), this.#hold.idle()])
    await Promise.race([ended, this.#shared.time.wait(STOP_MS, over.signal)]).finally(() => over.abort())
  }

  #takeKnown(): Unsubscribe {
    const ports = { ...this.#shared, onChain: () => this.#dealing.jobs }
    return this.#shared.network.subscribe('known', (message) => judgeKnown(ports, message))
  }

  #answer(): readonly Unsubscribe[] {
    const { network } = this.#shared
    return [
      network.answer(protocols.data, (question) => this.#data.answer(question)),
      network.answer(protocols.piece, (question) => this.#data.piece(question)),
      network.answer(protocols.upload, (question) => this.#hold.upload(question)),
      network.answer(protocols.work, (question) => this.#dealing.work(question)),
      network.answer(protocols.status, (question) => this.#serve.status(question)),
      network.answer(protocols.ledger, (question) => this.#serve.ledger(question)),
      network.answer(protocols.results, (question) => this.#outputs.answer(question)),
      network.answer(protocols.finished, (question) => finishedOf(this.#shared, question)),
      network.answer(protocols.offers, async ({ settler }) => {
        this.#asking = settler
        return this.#offers()
      }),
      network.answer(protocols.cosign, (question) => this.cosign(question)),
    ]
  }

  /** It is the one to be paid: over the network anybody can ask, and say that he settles. */
  async offers({ settler }: OffersQuestion): Promise<OffersAnswer> {
    this.#beside = settler
    return this.#offers()
  }

  #offers(): OffersAnswer {
    return { verifierId: this.#seat()?.id ?? 0, offers: this.#shared.offers.list() }
  }

  async cosign(question: CosignQuestion): Promise<CosignAnswer> {
    const { chain, key } = this.#shared
    return cosign({ at: chain.at, key, offers: this.#shared.offers }, question)
  }

  async #read({ slot, value: state }: AsOf<NetworkState>): Promise<void> {
    const { chain, log } = this.#shared
    const moment = { slot: Math.max(slot, chain.clock.slot()), state }
    if (!this.#isBegun) await this.#begin(moment)
    if (this.#chainTrouble !== undefined) log.info('chain-is-back', { after: this.#chainTrouble.why })
    this.#chainTrouble = undefined
    this.#moment = moment
    this.#shared.others.see(moment)
    this.#shared.offers.see(moment)
    for (const step of this.#steps) step.see(moment)
  }

  /** Before anything is signed: in a new store nothing is known of what this key signed elsewhere. */
  async #begin({ slot, state: { network } }: Moment): Promise<void> {
    const { guard, log } = this.#shared
    const epoch = newStoreSignsFrom(network, slot)
    if (await guard.begin(epoch)) log.info('store-is-new', { signsFrom: epoch })
    this.#isBegun = true
  }

  #isAway(error: unknown): void {
    const { log, now } = this.#shared
    const why = sentenceOf(error)
    if (this.#chainTrouble === undefined) log.warn('chain-is-away', { why })
    this.#chainTrouble = { stage: 'chain', why, since: this.#chainTrouble?.since ?? now() }
  }

  /** There is more to check: not only with the next slot. */
  #wake(): void {
    if (this.#moment !== undefined) this.#checking.see(this.#moment)
  }

  #idIn(number: number): number | undefined {
    const epoch = this.#moment === undefined ? undefined : epochOf(this.#moment, number)
    return epoch === undefined ? undefined : seatOf(epoch, addressOf(this.#shared.key.publicKey))?.seat.id
  }

  #seat(): ReturnType<typeof seatsOf>[number] | undefined {
    const moment = this.#moment
    if (moment === undefined) return undefined
    const self = addressOf(this.#shared.key.publicKey)
    const newest = [...sealedEpochs(moment), ...openEpochs(moment)].toReversed()
    return newest.flatMap((epoch) => seatOf(epoch, self)?.seat ?? [])[0]
  }

  isVerifier(key: Uint8Array): boolean {
    return this.#shared.others.has(key)
  }

  status(): VerifierStatus {
    const { key, network } = this.#shared
    const moment = this.#moment
    const settling = moment === undefined ? undefined : (settlingEpoch(moment) ?? openEpochs(moment)[0])
    const seat = this.#seat()
    const stints = this.#shared.epochs.all().reduce((sum, { draw }) => sum + (draw?.mine.size ?? 0), 0)
    const troubles = this.#steps.flatMap(({ trouble }) => trouble ?? [])
    return {
      voteKey: addressOf(key.publicKey),
      verifier: seat?.id,
      stake: seat?.stake,
      slot: moment?.slot,
      epoch: moment === undefined ? undefined : takenEpochs(moment).at(-1),
      settling: settling?.number,
      phase: moment === undefined || settling === undefined ? undefined : phaseOf(moment, settling),
      stateEpoch: this.#shared.states.newest?.epoch,
      savedEpoch: this.#settle.saved,
      stints,
      measured: this.#measure.count,
      reports: this.#report.made,
      votes: this.#vote.votes,
      offers: this.#shared.offers.list().length,
      peers: network.peers().length,
      troubles: this.#chainTrouble === undefined ? troubles : [this.#chainTrouble, ...troubles],
    }
  }
}
