// Which answer is right if all workers are equally good: what most say. How sure that is follows from how good they are.
import type { Crowd } from './crowd.ts'

/** Turns of estimating: a single number, which stands still after a few. */
const TURNS = 20
/** A crowd is never believed to be so bad that what fewer say would be right: that much better than lots, at least. */
const BETTER_THAN_LOTS = 1.01

interface Pooled {
  readonly items: number
  readonly classes: number
  readonly counts: Float64Array
  /** What the crowd is believed to be, before any vote. */
  readonly believed: { readonly right: number; readonly answers: number }
}

/** How likely each class is, by item * classes + class. Classes with as many votes are exactly as likely. */
export function alike(crowd: Crowd, believed: Pooled['believed']): Float64Array {
  const { items, classes } = crowd
  const counts = countVotes(crowd)
  const pooled = { items, classes, counts, believed }
  const likely = new Float64Array(items * classes)
  let skill = believed.right / believed.answers
  for (let turn = 0; turn < TURNS; turn++) {
    weigh(pooled, skill, likely)
    skill = skillOf(pooled, likely)
  }
  return likely
}

function countVotes({ items, classes, votes }: Crowd): Float64Array {
  const counts = new Float64Array(items * classes)
  for (const { item, label, silent } of votes) {
    const at = item * classes + label
    if (!silent) counts[at] = (counts[at] ?? 0) + 1
  }
  return counts
}

function weigh({ items, classes, counts }: Pooled, skill: number, likely: Float64Array): void {
  const odds = (1 - skill) / (classes - 1) / skill
  for (let item = 0; item < items; item++) {
    const [from, to] = [item * classes, (item + 1) * classes]
    let most = 0
    for (let at = from; at < to; at++) most = Math.max(most, counts[at] ?? 0)
    let sum = 0
    for (let at = from; at < to; at++) {
      const weight = power(odds, most - (counts[at] ?? 0))
      likely[at] = weight
      sum += weight
    }
    for (let at = from; at < to; at++) likely[at] = (likely[at] ?? 0) / sum
  }
}

function skillOf({ items, classes, counts, believed }: Pooled, likely: Float64Array): number {
  let { right, answers } = believed
  for (let at = 0; at < items * classes; at++) {
    right += (counts[at] ?? 0) * (likely[at] ?? 0)
    answers += counts[at] ?? 0
  }
  return Math.max(right / answers, BETTER_THAN_LOTS / classes)
}

/** By multiplying alone, so that it is the same everywhere; what is too small for a double is nothing. */
function power(base: number, exponent: number): number {
  let product = 1
  for (let i = 0; i < exponent && product > 0; i++) product *= base
  return product
}
