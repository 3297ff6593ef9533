// Worlds in which everything happens: every sort of contributor, verifier and job, by the numbers of one seed.

import {
  absent,
  away,
  type Behaviour,
  type Contributor,
  type ContributorPlan,
  type DealtTask,
  faker,
  honest,
  type JobPlan,
  SeededRandom,
  silent,
  silentFaker,
  sleeper,
  TOY_KINDS,
  toyRules,
  type VerifierBehaviour,
  type VerifierPlan,
  World,
} from '@piecework/testkit'
import fc from 'fast-check'
import type { Applied, Epoch } from '../../src/apply/apply.ts'
import type { KindRules, Params } from '../../src/facts.ts'
import type { Evidence, Report } from '../../src/messages.ts'

/** Times short enough that everything that can end does end within a few dozen epochs. */
const PARAMS: Partial<Params> = {
  carryEpochs: 3,
  evidenceEpochs: 5,
  barEpochs: 3,
  idleEpochs: 6,
  judgeEpochs: 2,
  trialRows: 3,
}

/** Besides the four toy kinds: an open one that is judged across nodes. */
const OPEN_ACROSS: KindRules = {
  kind: 5,
  version: 1,
  allocation: 'open',
  checking: 'across',
  rate: 1_000_000,
  cap: 2,
}

const KINDS: readonly KindRules[] = [...toyRules(), OPEN_ACROSS]
const EPOCHS_SEEN = 40

export interface Shape {
  readonly seed: number
  readonly nodes: number
  readonly verifiers: number
}

export const shape: fc.Arbitrary<Shape> = fc.record({
  seed: fc.nat(),
  nodes: fc.integer({ min: 1, max: 6 }),
  verifiers: fc.integer({ min: 1, max: 5 }),
})

export class RandomWorld {
  readonly world: World
  readonly #random: SeededRandom
  readonly #open: number[] = []
  readonly #nonces = new Map<Contributor, bigint>()

  constructor({ seed, nodes, verifiers }: Shape) {
    this.#random = new SeededRandom(`what happens in ${seed}`)
    this.world = new World({
      name: `random ${seed}`,
      params: PARAMS,
      kinds: KINDS,
      measured: (job, node) => ((job * 7 + node * 13) % 11) * 100_000,
      contributors: Array.from({ length: nodes }, () => ({
        ...this.#contributor(),
        vouched: BigInt(this.#one([0, 0, 100, 5_000, 1_000_000])),
      })),
      verifiers: Array.from({ length: verifiers }, () => this.#verifier()),
    })
    this.#addJob()
    this.#addJob()
  }

  /** What `world.apply` takes next: things happen, and an epoch is played. */
  prepare(): Epoch {
    const { world } = this
    if (this.#random.chance(0.3)) this.#addJob()
    if (this.#random.chance(0.2)) this.#closeJob()
    if (this.#random.chance(0.3)) this.#enrol()
    if (this.#random.chance(0.2)) this.#renewOrLeave()
    if (this.#random.chance(0.05)) world.verifiers.push(this.#verifier())
    if (this.#random.chance(0.1)) world.settler = this.#one([new Uint8Array(32), this.#random.bytes(32)])
    return this.#offend(world.prepare())
  }

  step(): Applied {
    return this.world.apply(this.prepare())
  }

  #one<T>(list: readonly T[]): T {
    const one = list[this.#random.below(list.length)]
    if (one === undefined) throw new RangeError('there is nothing to choose from')
    return one
  }

  #contributor(): ContributorPlan {
    return {
      behaviour: this.#behaviour(),
      capacity: this.#one([1, 2, 4]),
      ...(this.#random.chance(0.3) ? { wallet: this.#random.below(3) } : {}),
    }
  }

  #behaviour(): Behaviour {
    const from = this.#random.below(EPOCHS_SEEN)
    const share = this.#random.float()
    return this.#one<Behaviour>([
      honest,
      honest,
      honest,
      absent,
      silent,
      faker(share),
      silentFaker(share),
      sleeper(from),
      away(from, from + 1 + this.#random.below(6)),
      { equivocates: (epoch) => epoch === from },
      { postpones: (epoch) => epoch % 3 !== 0 },
      { delivers: ({ task }) => task % 3 !== 0 },
      { output: ({ task }, { random }) => (task % 2 === 0 ? random.bytes(8) : undefined) },
      { tasks: junkBeside },
      { sendsTo: (verifierId) => verifierId % 2 === 0 },
      { swaps: () => true },
    ])
  }

  #verifier(): VerifierPlan {
    const share = this.#random.float()
    const behaviour = this.#one<VerifierBehaviour>([
      {},
      {},
      {},
      {},
      { reports: () => this.#random.chance(share) },
      { posts: () => this.#random.chance(share) },
      { report: (report) => (this.#random.chance(share) ? undefined : report) },
      { report: (report) => ({ ...report, traces: report.traces.map(() => this.#random.bytes(32)) }) },
      { report: (report) => ({ ...report, answers: report.answers.slice(1), traces: [], delivered: [] }) },
      { friendOf: (node) => node % 2 === 0 },
      { denounces: () => this.#random.chance(share) },
      { omits: (node) => node % 3 === 0 },
    ])
    return { stake: BigInt(1 + this.#random.below(1000)), behaviour }
  }

  #addJob(): void {
    const kind = this.#one(KINDS)
    const isExact = kind.kind === TOY_KINDS.exact
    const plan: JobPlan = {
      kind: kind.kind,
      rule: this.#one(['piece', 'piece', 'share']),
      price: BigInt(this.#one([0, 1, 7, 100, 999])),
      capPrice: BigInt(this.#one([1, 50])),
      tasks: this.#one([3, 40, 1_000_000]),
      replicas: isExact && this.#random.chance(0.5) ? 1 : 1 + this.#random.below(3),
      maxUnits: 1 + this.#random.below(3),
      leaseEpochs: this.#random.below(4),
      verifierBps: this.#one([0, 1500, 3333]),
      settleBps: this.#one([0, 100]),
      deposit: BigInt(this.#one([10, 3_000, 40_000, 1_000_000])),
      opensDuringEpoch: this.#random.chance(0.3),
    }
    this.#open.push(this.world.addJob(plan))
  }

  #closeJob(): void {
    const [job] = this.#open.splice(this.#random.below(this.#open.length), 1)
    if (job !== undefined) this.world.closeJob(job)
  }

  #enrol(): void {
    this.#nonces.set(this.world.enrol(this.#contributor()), 1n)
  }

  #renewOrLeave(): void {
    const contributor = this.#one(this.world.contributors)
    const nonce = (this.#nonces.get(contributor) ?? 0n) + 1n
    this.#nonces.set(contributor, nonce)
    this.world.enrolAgain(contributor, { capacity: this.#one([0, 2, 4]), nonce })
  }

  /** Now and then a verifier sends evidence that shows nothing, or signs two reports. */
  #offend(epoch: Epoch): Epoch {
    const { inputs } = epoch
    const reports = inputs.reports.map((input) => {
      if (!this.#random.chance(0.05)) return input
      const report: Report = { ...input.report, evidence: [...input.report.evidence, NOTHING_SHOWN] }
      return { ...input, report }
    })
    const twoReveals = reports
      .filter(() => this.#random.chance(0.03))
      .map(({ report }) => ({ verifierId: report.verifierId, other: this.#random.bytes(32) }))
    return { ...epoch, inputs: { ...inputs, reports, twoReveals } }
  }
}

const NOTHING_SHOWN: Evidence = {
  what: 'row',
  first: new Uint8Array(3),
  second: new Uint8Array(),
  row: 0,
  salt: new Uint8Array(32),
  output: new Uint8Array(),
}

/** Rows that are worth nothing, or go over a cap, around those that it should write. */
function junkBeside(dealt: readonly DealtTask[]): readonly DealtTask[] {
  const [first] = dealt
  if (first === undefined) return []
  const tooLarge = { ...first, units: first.units + 1_000 }
  const another = { ...first, task: first.task + 1 }
  return [
    tooLarge,
    ...dealt,
    first,
    another,
    { ...another, task: another.task + 1 },
    { job: 4095, task: 0, units: 1 },
  ]
}
