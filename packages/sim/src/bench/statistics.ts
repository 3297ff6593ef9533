// `bench statistics`: how often Dawid-Skene and Bradley-Terry find the right answer, beside a majority of the same votes.
import { SeededRandom } from '@piecework/testkit/random'
import { dawidSkene, type Vote } from '@piecework/work/statistics'
import { CROWDS, type CrowdPlan, simulate } from './statistics/crowds.ts'
import { PAIRS, type PairPlan, rank } from './statistics/pairs.ts'
import { atLeast, type Bench, type Measured } from './types.ts'

/** Crowds of each plan: the mean of so many is known to some tenths of a percent. */
const SEEDS = 20
const MANY_LABELS = 100_000

export const bench: Bench = {
  name: 'statistics',
  about: 'Dawid-Skene and Bradley-Terry on simulated crowds, beside a majority of the same votes.',
  run: () => Promise.resolve(measure()),
}

interface Compared {
  readonly name: string
  readonly majority: number
  readonly better: number
}

/** Part of the items whose right answer has most votes; of several with as many, each counts as its part. */
function byMajority({ classes }: CrowdPlan, truths: readonly number[], votes: readonly Vote[]): number {
  const counts = truths.map(() => new Array<number>(classes).fill(0))
  for (const { item, label } of votes) {
    const row = counts[item] ?? []
    row[label] = (row[label] ?? 0) + 1
  }
  const hits = truths.map((truth, item) => {
    const row = counts[item] ?? []
    const most = Math.max(...row)
    return row[truth] === most ? 1 / row.filter((count) => count === most).length : 0
  })
  return mean(hits)
}

function compareLabels(plan: CrowdPlan): Compared {
  const crowds = Array.from({ length: SEEDS }, (_, seed) =>
    simulate(plan, new SeededRandom(`${plan.name} ${seed}`)),
  )
  const majority = crowds.map(({ truths, votes }) => byMajority(plan, truths, votes))
  const better = crowds.map(({ truths, votes }) => {
    const { answers } = dawidSkene({ ...plan, votes })
    return mean(truths.map((truth, item) => (answers[item] === truth ? 1 : 0)))
  })
  return { name: `labels, ${plan.name}`, majority: mean(majority), better: mean(better) }
}

function comparePairs(plan: PairPlan): Compared {
  const ranked = Array.from({ length: SEEDS }, (_, seed) => rank(plan, seed))
  return {
    name: `pairs, ${plan.name}`,
    majority: mean(ranked.map((one) => one.majority)),
    better: mean(ranked.map((one) => one.bradleyTerry)),
  }
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
  const compared = [...CROWDS.map(compareLabels), ...PAIRS.map(comparePairs)]
  return {
    figures: {
      ...Object.fromEntries(
        compared.flatMap(({ name, majority, better }) => [
          [`${name}: majority`, majority],
          [`${name}: ours`, better],
        ]),
      ),
      'seconds for 100,000 labels of 4 classes': secondsForMany(),
    },
    bars: compared.map(({ name, majority, better }) =>
      atLeast(`${name}: right answers beyond majority`, better - majority, 0),
    ),
  }
}
