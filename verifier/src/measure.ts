// Measure: at moments that nobody else knows, how fast the links of nodes are. All that may be drawn for this verifier are
// measured while they work: whose checker it is shows only after the seal.
import { type Log, sentenceOf } from '@piecework/api'
import {
  addressOf,
  type Chain,
  type FoundJob,
  factJob,
  isOpen,
  paramsOf,
  SLOT_MS,
  startOf,
} from '@piecework/chain'
import type { Link, Network } from '@piecework/network'
import { type State, ZERO_HASH } from '@piecework/protocol'
import type { Kinds, OpenJob } from '@piecework/work'
import type { Jobs } from './common/jobs.ts'
import type { Measured, MeasuredLinks } from './common/measured.ts'
import { measuringOver } from './common/measuring.ts'
import { type PlannedMoment, planMeasuring } from './common/measuring-plan.ts'
import { type Moment, seatOf, takenEpochs } from './common/moment.ts'
import type { Secrets } from './common/secrets.ts'
import type { States } from './common/states.ts'
import { takersIn } from './common/takers.ts'

/** The slowest link takes at most so much of an epoch from those after it, */
const PART_OF_EPOCH = 8
/** and no more than its share of the epoch, but this at least: less is too short for any link. */
const LEAST_MS = 500

export interface MeasurePorts {
  readonly chain: Pick<Chain, 'clock'>
  readonly voteKey: Uint8Array
  readonly network: Network
  readonly kinds: Kinds
  readonly jobs: Jobs
  readonly states: States
  readonly secrets: Secrets
  readonly measured: MeasuredLinks
  readonly onChain: () => readonly FoundJob[]
  /** Milliseconds that only grow. */
  readonly stopwatch: () => number
  readonly randomBytes: (length: number) => Uint8Array
  /** The most that is sent, and comes back, in an epoch. */
  readonly measureBytes: number
  readonly log: Log
}

interface Working {
  readonly epoch: number
  readonly from: number
  readonly to: number
  /** Slot from which each node of each job was known here, by name: what was before can't be measured any more. */
  readonly since: Map<string, number>
}

interface Measurable {
  readonly open: OpenJob
  readonly onChain: FoundJob
}

export class Measure {
  readonly #ports: MeasurePorts
  #working: Working | undefined
  /** By what it was made of: the same in most slots. */
  #planned: { readonly name: string; readonly moments: readonly PlannedMoment[] } | undefined
  readonly #links = new Set<Link>()
  #isStopped = false
  #count = 0

  constructor(ports: MeasurePorts) {
    this.#ports = ports
  }

  /** Measurements of this run. */
  get count(): number {
    return this.#count
  }

  async see(moment: Moment): Promise<'rested' | undefined> {
    const { states, measured, measureBytes } = this.#ports
    const state = states.newest
    const working = this.#epochAt(moment)
    if (state === undefined || working === undefined || !this.#isSeated(moment)) return 'rested'
    const jobs = measureBytes === 0 ? new Map() : await this.#measurable()
    if (jobs.size === 0) return 'rested'
    const done = new Set((await measured.of(working.epoch)).map(nameOf))
    const planned = await this.#plan(moment, { state, working, jobs })
    const due = planned.filter((one) => one.slot <= moment.slot && !done.has(nameOf(one)))
    for (const one of due) {
      const job = jobs.get(one.job)
      const isOver = this.#isStopped || this.#ports.chain.clock.slot() >= working.to
      const result = isOver || job === undefined ? undefined : await this.#measure(job, one, moment)
      // Its moment is gone, whatever it was.
      if (result === undefined) working.since.set(takerOf(one), moment.slot + 1)
      else await measured.add(working.epoch, [result])
    }
    return undefined
  }

  /** What is under way ends without a result. */
  stop(): void {
    this.#isStopped = true
    for (const link of this.#links) link.close()
  }

  #epochAt(moment: Moment): Working | undefined {
    const epoch = takenEpochs(moment).at(-1)
    const { network } = moment.state
    const from = epoch === undefined ? undefined : startOf(network, epoch)
    if (epoch === undefined || from === undefined) return undefined
    if (this.#working?.epoch !== epoch) {
      // Its end is known only when the epoch before is sealed; it is no earlier than this.
      const to = from + paramsOf(network, epoch).length
      this.#working = { epoch, from, to, since: new Map() }
    }
    return this.#working
  }

  #isSeated({ state }: Moment): boolean {
    const newest = state.epochs.findLast(({ seatCount }) => seatCount > 0)
    return newest !== undefined && seatOf(newest, addressOf(this.#ports.voteKey)) !== undefined
  }

  /** Jobs that are open and measured, by index. */
  async #measurable(): Promise<Map<number, Measurable>> {
    const { onChain, kinds, jobs, log } = this.#ports
    const measured = new Set(kinds.all.filter(({ checking }) => checking === 'measured').map(({ id }) => id))
    const isWanted = (job: FoundJob): boolean => isOpen(job) && measured.has(job.workKind)
    const found = new Map<number, Measurable>()
    for (const job of onChain().filter(isWanted)) {
      try {
        await jobs.load([factJob(job)])
        const open = jobs.specOf(factJob(job))?.job
        if (open !== undefined) found.set(job.index, { open, onChain: job })
      } catch (error) {
        // The others are measured; this one is, once its spec is here.
        log.debug('job-not-measured', { job: job.index, why: sentenceOf(error) })
      }
    }
    return found
  }

  async #plan(moment: Moment, { state, working, jobs }: Planning): Promise<readonly PlannedMoment[]> {
    const { secrets, jobs: specs, measureBytes: bytes } = this.#ports
    const { epoch, from, to, since } = working
    const name = `${epoch} ${state.epoch} ${[...jobs.keys()]}`
    if (this.#planned?.name !== name) {
      const { idleEpochs } = paramsOf(moment.state.network, epoch)
      const { work } = specs.ports
      const all = [...jobs].map(([job, { open, onChain }]) => {
        const nodes = takersIn(state, { job: factJob(onChain), epoch, idleEpochs, work })
        return { job, plan: open.plan?.() ?? { moments: 0, bytes: 0 }, nodes }
      })
      const secret = await secrets.of(epoch)
      const moments = planMeasuring({ secret, epoch, from, to, jobs: all, bytes })
      for (const one of moments) if (!since.has(takerOf(one))) since.set(takerOf(one), moment.slot)
      this.#planned = { name, moments }
    }
    return this.#planned.moments.filter((one) => one.slot >= (since.get(takerOf(one)) ?? 0))
  }

  /** Undefined when this machine can't tell. */
  async #measure(
    { open }: Measurable,
    { job, node, nodeKey, moment }: PlannedMoment,
    { state }: Moment,
  ): Promise<Measured | undefined> {
    const { jobs, log } = this.#ports
    const working = this.#working
    if (working === undefined) return undefined
    const { epoch } = working
    const epochMs = paramsOf(state.network, epoch).length * SLOT_MS
    const share = epochMs / (this.#planned?.moments.length ?? 1)
    const mostMs = Math.min(epochMs / PART_OF_EPOCH, Math.max(LEAST_MS, share))
    let address = ''
    const opened = (link: Link): void => {
      address = link.address
      this.#links.add(link)
    }
    const measuring = measuringOver({ ...this.#ports, mostMs, opened })
    try {
      const context = { ...jobs.context, seed: ZERO_HASH, measuring }
      const score = await open.measure?.(epoch, nodeKey, context)
      if (score === undefined || this.#isStopped) return undefined
      this.#count += 1
      log.debug('measured', { epoch, job, node, moment, score })
      return { job, node, moment, score, address }
    } catch (error) {
      log.debug('not-measured', { epoch, job, node, moment, why: sentenceOf(error) })
      return undefined
    } finally {
      this.#links.clear()
    }
  }
}

interface Planning {
  readonly state: State
  readonly working: Working
  readonly jobs: ReadonlyMap<number, Measurable>
}

type Named = Pick<PlannedMoment, 'job' | 'node' | 'moment'>

function takerOf({ job, node }: Pick<Named, 'job' | 'node'>): string {
  return `${job} ${node}`
}

function nameOf(one: Named): string {
  return `${takerOf(one)} ${one.moment}`
}
