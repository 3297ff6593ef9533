// What cheating gained each attacker, against its honest twin: see docs/decisions/040-how-gain-is-counted.md.
import type { State } from '@piecework/protocol'
import { type Cast, OWN_JOB } from './cast.ts'

/** What one attacker has at the end, in units of money. */
export interface Purse {
  readonly money: number
  /** Its part of what a job of its own was charged. */
  readonly spent: number
  /** Value of the rows it really did, over all epochs. */
  readonly worked: number
  /** The same, of the epochs in which cheaters cheat. */
  readonly workedMeanwhile: number
}

/** Of each wallet: all that was ever released to it, with the bonds of its nodes and the pay they wait for. */
export function moneyByOwner({ owners, accounts, nodes }: State): bigint[] {
  const money = owners.map(({ account }) => accounts[account]?.released ?? 0n)
  for (const { owner, bond, held } of nodes) money[owner] = (money[owner] ?? 0n) + bond + held
  return money
}

export function pursesOf(cast: Cast): Purse[] {
  const { world, attackers, times } = cast
  const money = moneyByOwner(world.state)
  const spending = spendingOf(cast)
  return attackers.map(({ number, nodes }) => {
    const [first] = nodes
    const owner = world.state.nodes[first?.contributor.index ?? -1]?.owner ?? -1
    const worked = (from: number, until: number): number =>
      nodes.reduce((sum, { cheater }) => sum + Number(cheater.workedIn(from, until)), 0)
    return {
      money: Number(money[owner] ?? 0n),
      spent: spending[number] ?? 0,
      worked: worked(0, times.until),
      workedMeanwhile: worked(times.from, times.until),
    }
  })
}

/** By attacker: what their common job was charged, by the rows that each of them did for it. */
function spendingOf({ world, attackers, launders }: Cast): number[] {
  if (!launders) return []
  const rows = attackers.map(({ nodes }) =>
    nodes.reduce((sum, { cheater }) => sum + cheater.rowsFor(OWN_JOB), 0),
  )
  const all = rows.reduce((sum, one) => sum + one, 0)
  const charged = Number(world.state.jobs[OWN_JOB]?.charged ?? 0n)
  return rows.map((one) => (charged * one) / all)
}

export interface Pair {
  readonly cheater: Purse
  readonly twin: Purse
  /** How often the cheater was caught, less the chances of it. */
  readonly luck: number
}

/**
 * Of the cheater over its twin, where a row costs `cost` of its value to do. Cheaters do less, never more: so the
 * gain is greatest at a cost of one, where honest work leaves nothing, and cheating only has to end above zero.
 */
export function gainAt(cost: number, { cheater, twin }: Omit<Pair, 'luck'>): number {
  return left(cost, cheater) - left(cost, twin)
}

function left(cost: number, { money, spent, worked }: Purse): number {
  return money - spent - cost * worked
}

export interface Estimate {
  readonly mean: number
  /** Standard error of the mean. */
  readonly error: number
}

export function estimate(values: readonly number[]): Estimate {
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, error: n < 2 ? 0 : Math.sqrt(squares / (n - 1) / n) }
}

/**
 * The same with a control variate: luck is nothing on average, so that what goes with it is taken out of the mean,
 * and most of the error with it. It is the line of least squares where luck is nothing.
 */
export function estimateWithoutLuck(values: readonly number[], luck: readonly number[]): Estimate {
  const n = values.length
  const value = estimate(values).mean
  const chance = estimate(luck).mean
  const spread = luck.reduce((sum, one) => sum + (one - chance) ** 2, 0)
  if (spread === 0) return estimate(values)
  const common = luck.reduce((sum, one, i) => sum + (one - chance) * ((values[i] ?? 0) - value), 0)
  const slope = common / spread
  const mean = value - slope * chance
  const rest = values.reduce((sum, one, i) => sum + (one - mean - slope * (luck[i] ?? 0)) ** 2, 0)
  const error = n < 3 ? 0 : Math.sqrt((rest / (n - 2)) * (1 / n + chance ** 2 / spread))
  return { mean, error }
}

/** As a share of what honest work is paid in the same epochs. */
export function relativeGain(cost: number, pairs: readonly Pair[]): Estimate {
  const honestPay = estimate(pairs.map(({ twin }) => twin.workedMeanwhile)).mean
  return estimateWithoutLuck(
    pairs.map((pair) => gainAt(cost, pair) / honestPay),
    pairs.map(({ luck }) => luck),
  )
}
