// The same work, done once by one account and once by several, among others who do theirs.
import { SCORE_ONE } from '@piecework/protocol'
import { type JobPlan, SeededRandom, TOY_KINDS, toyRules, World } from '@piecework/testkit'
import { moneyByOwner } from '../cheating/gain.ts'

/** What everybody works for: so much a unit, a share of a budget by units, or by what is measured of each. */
export type Pay = 'piece' | 'share' | 'measured'

export const PAYS: readonly Pay[] = ['piece', 'share', 'measured']

const OTHERS = 6
const MOST_PARTS = 6
/** Two workforces are fixed before anybody has earned, and then some. */
const EPOCHS = 6
/** Rows a node may do before it has any bond: more than anybody's capacity, so that one account gets as much as many. */
const TRIAL_ROWS = 64
const MOST_PRICE = 1000
const MOST_BUDGET = 100_000

export interface Split {
  /** What one account gets. */
  readonly whole: bigint
  /** What several get beyond that for the same work. */
  readonly gain: bigint
}

export function splitMany(pay: Pay, times: number): Split[] {
  return Array.from({ length: times }, (_, number) => split(pay, number))
}

/** How much work, by how many, at which price: drawn by the number. */
function split(pay: Pay, number: number): Split {
  const name = `splitting ${pay} ${number}`
  const random = new SeededRandom(name)
  const most = pay === 'measured' ? SCORE_ONE : TRIAL_ROWS
  const others = Array.from({ length: OTHERS }, () => 1 + random.below(most))
  const parts = partsOf(MOST_PARTS + random.below(most - MOST_PARTS), random)
  const together = parts.reduce((sum, part) => sum + part, 0)
  const common = { name, pay, plan: planOf(pay, random), others }
  const whole = earn({ ...common, own: [together] })
  return { gain: earn({ ...common, own: parts }) - whole, whole }
}

/** At least one in each part. */
function partsOf(total: number, random: SeededRandom): number[] {
  const count = 2 + random.below(MOST_PARTS - 1)
  const cuts = new Set<number>()
  while (cuts.size < count - 1) cuts.add(1 + random.below(total - 1))
  const ends = [...cuts].sort((a, b) => a - b)
  return [...ends, total].map((end, i) => end - (ends[i - 1] ?? 0))
}

function planOf(pay: Pay, random: SeededRandom): JobPlan {
  if (pay === 'piece') return { price: BigInt(1 + random.below(MOST_PRICE)) }
  // Of kinds that are not dealt: what a budget can't pay is dealt to nobody, and so there is nothing to share.
  return {
    kind: pay === 'measured' ? TOY_KINDS.measured : TOY_KINDS.open,
    rule: 'share',
    maxUnits: pay === 'measured' ? 1 : TRIAL_ROWS,
    price: BigInt(1 + random.below(MOST_BUDGET)),
    capPrice: BigInt(1 + random.below(MOST_BUDGET)),
  }
}

interface Workers {
  readonly name: string
  readonly pay: Pay
  readonly plan: JobPlan
  /** Rows an epoch, units of a row, or what is measured, of each node; each has an account of its own. */
  readonly own: readonly number[]
  readonly others: readonly number[]
}

/** What the accounts of `own` are paid in all. */
function earn({ name, pay, plan, own, others }: Workers): bigint {
  const amounts = [...own, ...others]
  const world = new World({
    name,
    kinds: toyRules(),
    params: { trialRows: TRIAL_ROWS },
    measured: (_job, node) => amounts[node] ?? 0,
    contributors: amounts.map((amount) => ({
      vouched: 0n,
      capacity: pay === 'piece' ? amount : 1,
      // An open job has one row of each node: it says how much was done.
      behaviour: pay === 'share' ? { tasks: (rows) => rows.map((row) => ({ ...row, units: amount })) } : {},
    })),
  })
  world.addJob(plan)
  for (let epoch = 0; epoch < EPOCHS; epoch++) world.step()
  return moneyByOwner(world.state)
    .slice(0, own.length)
    .reduce((sum, money) => sum + money, 0n)
}
