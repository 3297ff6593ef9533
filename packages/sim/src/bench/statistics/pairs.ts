// Which of two is better, asked of a simulated crowd: Bradley-Terry beside the majority of each pair's votes.
import { SeededRandom } from '@piecework/testkit/random'
import { bradleyTerry, type Won } from '@piecework/work/statistics'
import { part } from './crowds.ts'

export interface PairPlan {
  readonly name: string
  readonly items: number
  readonly pairs: number
  readonly replicas: number
  /** How much stronger the strongest item is than the weakest. */
  readonly range: number
  /** This part of the votes is drawn by lot. */
  readonly careless: number
}

export const PAIRS: readonly PairPlan[] = [
  { name: 'clear pairs', items: 60, pairs: 600, replicas: 3, range: 1_000, careless: 0 },
  { name: 'close pairs', items: 60, pairs: 600, replicas: 3, range: 20, careless: 0 },
  { name: 'a third careless', items: 60, pairs: 600, replicas: 5, range: 100, careless: 1 / 3 },
  { name: 'few pairs of each', items: 200, pairs: 600, replicas: 3, range: 100, careless: 0.1 },
]

export interface Ranked {
  /** Parts of the pairs whose better item is found; a draw counts half. */
  readonly majority: number
  readonly bradleyTerry: number
}

export function rank(plan: PairPlan, seed: number): Ranked {
  const random = new SeededRandom(`${plan.name} ${seed}`)
  const truths = Array.from({ length: plan.items }, () => 1 + (plan.range - 1) * part(random))
  const asked = Array.from({ length: plan.pairs }, () => {
    const a = random.below(plan.items)
    return { a, b: (a + 1 + random.below(plan.items - 1)) % plan.items }
  })
  const votes = asked.map(({ a, b }) => {
    const chance = (truths[a] ?? 1) / ((truths[a] ?? 1) + (truths[b] ?? 1))
    return Array.from({ length: plan.replicas }, () =>
      part(random) < plan.careless ? random.below(2) === 0 : part(random) < chance,
    )
  })
  const strengths = bradleyTerry(
    plan.items,
    asked.flatMap(({ a, b }, i) => (votes[i] ?? []).map((first) => gameOf(first, a, b))),
  )
  const found = { majority: 0, bradleyTerry: 0 }
  for (const [i, { a, b }] of asked.entries()) {
    const truth = Math.sign((truths[a] ?? 1) - (truths[b] ?? 1))
    const given = votes[i] ?? []
    found.majority += hit(Math.sign(2 * given.filter(Boolean).length - given.length), truth)
    found.bradleyTerry += hit(Math.sign((strengths[a] ?? 1) - (strengths[b] ?? 1)), truth)
  }
  return { majority: found.majority / plan.pairs, bradleyTerry: found.bradleyTerry / plan.pairs }
}

function gameOf(first: boolean, a: number, b: number): Won {
  return first ? { winner: a, loser: b, weight: 1 } : { winner: b, loser: a, weight: 1 }
}

function hit(found: number, truth: number): number {
  if (found === 0) return 0.5
  return found === truth ? 1 : 0
}
