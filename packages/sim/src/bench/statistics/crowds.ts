// Simulated crowds whose right answers are known because they are made here: good, bad, careless and colluding workers.
import type { SeededRandom } from '@piecework/testkit/random'
import type { Vote } from '@piecework/work/statistics'

export interface CrowdPlan {
  readonly name: string
  readonly items: number
  readonly classes: number
  readonly workers: number
  readonly replicas: number
  /** Draws how one worker answers an item whose right answer is `truth`. */
  readonly worker: (random: SeededRandom, number: number) => (truth: number, item: number) => number
}

export interface SimulatedCrowd {
  readonly truths: readonly number[]
  readonly votes: readonly Vote[]
}

/** A part between nothing and one. */
export function part(random: SeededRandom): number {
  return random.below(1_000_000) / 1_000_000
}

type Worker = ReturnType<CrowdPlan['worker']>

function rightIn(skill: number, classes: number, random: SeededRandom): Worker {
  return (truth) => (part(random) < skill ? truth : (truth + 1 + random.below(classes - 1)) % classes)
}

function mixed(classes: number, from: number, to: number): CrowdPlan['worker'] {
  return (random) => rightIn(from + (to - from) * part(random), classes, random)
}

/** Every tenth part of the workers does something else. */
function among(classes: number, tenths: number, other: CrowdPlan['worker']): CrowdPlan['worker'] {
  return (random, number) =>
    number % 10 < tenths ? other(random, number) : mixed(classes, 0.65, 0.95)(random, number)
}

const SIZE = { items: 500, workers: 60, replicas: 5 }
const SMALL = { items: 60, workers: 20, replicas: 5 }

export const CROWDS: readonly CrowdPlan[] = [
  { ...SIZE, name: 'mixed skill, 2 classes', classes: 2, worker: mixed(2, 0.52, 0.98) },
  { ...SIZE, name: 'mixed skill, 4 classes', classes: 4, worker: mixed(4, 0.3, 0.95) },
  { ...SIZE, name: 'mixed skill, 3 replicas', classes: 4, replicas: 3, worker: mixed(4, 0.4, 0.95) },
  { ...SIZE, name: 'alike skill', classes: 3, worker: mixed(3, 0.75, 0.75) },
  { ...SIZE, name: 'nearly alike skill', classes: 3, worker: mixed(3, 0.7, 0.8) },
  { ...SMALL, name: 'a small job, alike skill', classes: 2, worker: mixed(2, 0.75, 0.75) },
  { ...SMALL, name: 'a small job, mixed skill', classes: 2, worker: mixed(2, 0.52, 0.98) },
  {
    ...SIZE,
    name: 'few answers of each',
    classes: 3,
    workers: 500,
    replicas: 3,
    worker: mixed(3, 0.5, 0.95),
  },
  {
    ...SIZE,
    name: 'three of ten always say the first',
    classes: 3,
    worker: among(3, 3, () => () => 0),
  },
  {
    ...SIZE,
    name: 'three of ten draw lots',
    classes: 3,
    worker: among(3, 3, (random) => () => random.below(3)),
  },
  {
    ...SIZE,
    name: 'three of ten agree on made-up answers',
    classes: 3,
    worker: among(3, 3, () => (_truth, item) => (item * 7 + 1) % 3),
  },
  {
    ...SIZE,
    name: 'two of ten mix up two classes',
    classes: 4,
    worker: among(4, 2, () => (truth) => [1, 0, 2, 3][truth] ?? 0),
  },
]

export function simulate(plan: CrowdPlan, random: SeededRandom): SimulatedCrowd {
  const workers = Array.from({ length: plan.workers }, (_, number) => plan.worker(random, number))
  const truths = Array.from({ length: plan.items }, () => random.below(plan.classes))
  const votes = truths.flatMap((truth, item) =>
    drawn(plan, random).map((worker) => {
      return { item, worker, label: workers[worker]?.(truth, item) ?? 0, silent: false }
    }),
  )
  return { truths, votes }
}

function drawn({ workers, replicas }: CrowdPlan, random: SeededRandom): readonly number[] {
  const chosen = new Set<number>()
  while (chosen.size < replicas) chosen.add(random.below(workers))
  return [...chosen]
}
