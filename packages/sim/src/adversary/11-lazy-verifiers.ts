// Adversary 11: verifiers that save themselves the checking: they repeat what they found before, guess, or say that all is
// well with what was delivered. Without the traces of the drawn rows they don't get the T that pays. And people who save
// themselves the looking, scored by known answers and by each other.
import { type StintReport, ZERO_HASH } from '@piecework/protocol'
import {
  type Check,
  SeededRandom,
  toyRules,
  type VerifierBehaviour,
  type VerifierPlan,
  World,
} from '@piecework/testkit'
import { atLeast, atMost, type Measured } from '../bench/types.ts'
import { scoreTheLazy } from './labelling/fooling.ts'
import { copyReports } from './lazy-verifiers/reveals.ts'
import { alwaysPass, guess, repeatEarlier } from './lazy-verifiers/strategies.ts'
import type { Adversary, Size } from './types.ts'

interface Scale {
  readonly epochs: number
  readonly reports: number
  readonly labelEpochs: number
}

const PLAYED: Readonly<Record<Size, Scale>> = {
  short: { epochs: 12, reports: 20, labelEpochs: 40 },
  full: { epochs: 300, reports: 1_000, labelEpochs: 200 },
}

/** Of the results, beside people who don't look. */
const RIGHT = 0.9

const PRICE = 1_000n
const TRUSTED = 1_000_000n
const NODES = 10
/** Carried stints are decided by then. */
const AFTERWARDS = 12
/** Of every row something has to be found out, so that no stint can be passed for nothing. */
const ALL_DRAWN = 1_000_000
/** With the lazy ones there are 13, of which these are more than two thirds. */
const HONEST = 9

interface Lazy {
  readonly name: string
  readonly report: NonNullable<VerifierBehaviour['report']>
}

/** What a verifier's checking would have been worth, and what it was paid. */
class Account {
  readonly #stints = new Map<string, number>()

  note(report: StintReport, { due }: Check): void {
    this.#stints.set(`${report.epoch}/${report.node}`, 1 + due.stint.drawn)
  }

  get shares(): number {
    return [...this.#stints.values()].reduce((sum, shares) => sum + shares, 0)
  }
}

interface Sizes {
  readonly honest: number
  readonly epochs: number
}

interface Played {
  readonly world: World
  /** By verifier. */
  readonly accounts: readonly Account[]
}

function play(name: string, lazy: readonly Lazy[], { honest, epochs }: Sizes): Played {
  const reports = [
    ...Array.from({ length: honest }, () => (found: StintReport) => found),
    ...lazy.map((one) => one.report),
  ]
  const accounts = reports.map(() => new Account())
  const verifiers = reports.map(
    (report, id): VerifierPlan => ({
      stake: 100n,
      behaviour: {
        report: (found, check) => {
          accounts[id]?.note(found, check)
          return report(found, check)
        },
      },
    }),
  )
  const contributors = Array.from({ length: NODES }, () => ({ vouched: TRUSTED, capacity: 3 }))
  const world = new World({ name, kinds: toyRules(ALL_DRAWN), verifiers, contributors })
  const job = world.addJob({ price: PRICE, settleBps: 0, leaseEpochs: 0 })
  for (let i = 0; i < epochs; i++) world.step()
  world.closeJob(job)
  for (let i = 0; i < AFTERWARDS; i++) world.step()
  return { world, accounts }
}

function incomeOf({ world }: Played, verifier: number): number {
  const operator = world.snapshot()[verifier]?.operator ?? ZERO_HASH
  const owner = world.state.owners.findIndex(({ wallet }) => Buffer.compare(wallet, operator) === 0)
  return Number(world.state.accounts[world.state.owners[owner]?.account ?? -1]?.released ?? 0n)
}

/** Per cent of what an honest verifier would have been paid for the same stints that this one was not. */
function unpaid(played: Played, verifier: number, honest: number): number {
  const ids = Array.from({ length: honest }, (_, id) => id)
  const sum = (of: (id: number) => number): number => ids.reduce((all, id) => all + of(id), 0)
  const perShare = sum((id) => incomeOf(played, id)) / sum((id) => played.accounts[id]?.shares ?? 0)
  const own = incomeOf(played, verifier) / (played.accounts[verifier]?.shares ?? 0)
  return 100 * (1 - own / perShare)
}

/** Of the rows that were done, all by honest contributors. */
function shareOfRowsPaid({ world }: Played): number {
  const rows = world.contributors.flatMap(({ sent }) => [...sent.values()].flatMap(({ batches }) => batches))
  const done = rows.reduce((sum, { rowCount }) => sum + rowCount, 0)
  const charged = world.state.jobs.reduce((sum, job) => sum + job.charged, 0n)
  return Number(charged) / (done * Number(PRICE) * 1.15)
}

/** The same lazy program at so many of ten verifiers: they find alike, and make their own agreement. */
function sameProgram(count: number, epochs: number): number {
  const lazy = Array.from({ length: count }, () => ({ name: 'same', report: alwaysPass(() => ZERO_HASH) }))
  const honest = 10 - count
  return unpaid(play(`${count} of one program`, lazy, { honest, epochs }), honest, honest)
}

async function run(size: Size): Promise<Measured> {
  const { epochs, reports, labelEpochs } = PLAYED[size]
  const random = new SeededRandom('lazy verifiers')
  const lazy: readonly Lazy[] = [
    { name: 'guesses', report: guess(random) },
    { name: 'repeats what it found before', report: repeatEarlier() },
    { name: 'always says passed', report: alwaysPass(() => random.bytes(32)) },
    { name: 'says nothing of any stint', report: () => undefined },
  ]
  const played = play('lazy', lazy, { honest: HONEST, epochs })
  const copies = copyReports(random, reports)
  const alone = sameProgram(1, epochs)
  const { fooled, right, rightBesideThird } = await scoreTheLazy('labels', labelEpochs)
  return {
    figures: {
      'drawn rows and stints that a lazy verifier should have checked': played.accounts[HONEST]?.shares ?? 0,
      'reports copied': copies.tried,
      'two of ten with one lazy program: unpaid, per cent': round(sameProgram(2, epochs)),
      'three of ten with one lazy program: unpaid, per cent': round(sameProgram(3, epochs)),
    },
    bars: [
      ...lazy.map(({ name }, i) =>
        atLeast(`${name}: unpaid, per cent`, round(unpaid(played, HONEST + i, HONEST)), 99),
      ),
      atLeast('always says passed, one of ten: unpaid, per cent', round(alone), 99),
      atMost('copied reports accepted', copies.accepted, 0),
      atLeast('share of honest rows paid beside them', round(shareOfRowsPaid(played)), 1),
      ...fooled.map(({ strategy, paid, most }) =>
        atMost(`labels, ${strategy}: paid, per cent of the honest`, paid, most),
      ),
      atLeast('labels: part of the results that is right', round(right), RIGHT),
      atLeast('labels: the same beside a colluding third', round(rightBesideThird), RIGHT),
    ],
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

export const adversary: Adversary = {
  number: 11,
  name: 'lazy verifiers',
  about:
    'Verifiers copy, guess or always say passed: they get no T, and are unpaid at least 99 % of the time. Nor do people ' +
    'who label without looking fool what scores them.',
  run,
}
