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
  /** Money that the cheater has by luck alone. */
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
 * As a share of what honest work is paid in the same epochs. Luck is nothing on average: without it the mean is the
 * same, and most of its error is gone.
 */
export function relativeGain(cost: number, pairs: readonly Pair[]): Estimate {
  const honestPay = estimate(pairs.map(({ twin }) => twin.workedMeanwhile)).mean
  return estimate(pairs.map((pair) => (gainAt(cost, pair) - pair.luck) / honestPay))
}
