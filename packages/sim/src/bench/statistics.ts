// `bench statistics`: how often Dawid-Skene and Bradley-Terry find the right answer, beside a majority of the same votes.
import { SeededRandom } from '@piecework/testkit/random'
import { dawidSkene, type Vote } from '@piecework/work/statistics'
import { CROWDS, type CrowdPlan, simulate } from './statistics/crowds.ts'
import { PAIRS, type PairPlan, rank } from './statistics/pairs.ts'
import { atLeast, type Bench, type Measured } from './types.ts'

/**
 * Crowds of each plan. They are others than those on which the constants of Dawid-Skene were chosen (`name 0` to
 * `name 19`, 2000 to 2049, `tune`, `fresh` 1000 to 1099): on its own crowds every choice looks good.
 */
const SEEDS: readonly number[] = Array.from({ length: 100 }, (_, i) => 3_000 + i)
const MANY_LABELS = 100_000

export const bench: Bench = {
  name: 'statistics',
  about: 'Dawid-Skene and Bradley-Terry on simulated crowds, beside a majority of the same votes.',
  run: () => Promise.resolve(measure()),
}

interface Compared {
  readonly name: string
  readonly majority: number
  readonly ours: number
  /** Standard error of the mean difference. */
  readonly error: number
}

interface Found {
  readonly majority: number
  readonly ours: number
}

function compared(name: string, found: readonly Found[]): Compared {
  const gains = found.map(({ majority, ours }) => ours - majority)
  const gain = mean(gains)
  const spread = gains.reduce((sum, one) => sum + (one - gain) ** 2, 0) / (gains.length - 1)
  return {
    name,
    majority: mean(found.map(({ majority }) => majority)),
    ours: mean(found.map(({ ours }) => ours)),
    error: Math.sqrt(spread / gains.length),
  }
}

/** Votes for each class of each item, by item * classes + class. */
function votesOf({ classes }: CrowdPlan, truths: readonly number[], votes: readonly Vote[]): Float64Array {
  const counts = new Float64Array(truths.length * classes)
  for (const { item, label } of votes)
    counts[item * classes + label] = (counts[item * classes + label] ?? 0) + 1
  return counts
}

/** Part of the items whose right answer stands highest; of several that stand as high, each counts as its part. */
function foundBy({ classes }: CrowdPlan, truths: readonly number[], standing: Float64Array): number {
  const hits = truths.map((truth, item) => {
    const row = standing.subarray(item * classes, (item + 1) * classes)
    const most = Math.max(...row)
    return row[truth] === most ? 1 / row.filter((one) => one === most).length : 0
  })
  return mean(hits)
}

function compareLabels(plan: CrowdPlan): Compared {
  const found = SEEDS.map((seed) => {
    const { truths, votes } = simulate(plan, new SeededRandom(`fresh ${plan.name} ${seed}`))
    return {
      majority: foundBy(plan, truths, votesOf(plan, truths, votes)),
      ours: foundBy(plan, truths, dawidSkene({ ...plan, votes }).likely),
    }
  })
  return compared(`labels, ${plan.name}`, found)
}

function comparePairs(plan: PairPlan): Compared {
  const found = SEEDS.map((seed) => rank(plan, seed))
  return compared(
    `pairs, ${plan.name}`,
    found.map(({ majority, bradleyTerry }) => ({ majority, ours: bradleyTerry })),
  )
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function secondsForMany(): number {
  const plan = { name: 'many', classes: 4, workers: 2_000, replicas: 5, items: MANY_LABELS / 5 }
  const skilled: CrowdPlan = { ...plan, worker: CROWDS[1]?.worker ?? (() => (truth) => truth) }
  const { votes } = simulate(skilled, new SeededRandom('many labels'))
  const start = performance.now()
  dawidSkene({ ...plan, votes })
  return (performance.now() - start) / 1000
}

function measure(): Measured {
  const all = [...CROWDS.map(compareLabels), ...PAIRS.map(comparePairs)]
  return {
    figures: {
      ...Object.fromEntries(
        all.flatMap(({ name, majority, ours, error }) => [
          [`${name}: majority`, majority],
          [`${name}: ours`, ours],
          [`${name}: standard error of the difference`, error],
        ]),
      ),
      'seconds for 100,000 labels of 4 classes': secondsForMany(),
    },
    bars: all.map(({ name, majority, ours }) =>
      atLeast(`${name}: right answers beyond majority`, ours - majority, 0),
    ),
  }
}
