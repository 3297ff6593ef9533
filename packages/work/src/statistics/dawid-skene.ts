// Dawid and Skene (1979): which answer is right, and how well each worker answers, estimated in turns from nothing but
// the votes. Only + - * / and comparison on doubles, in one order and so many turns: every verifier gets the same bits.
// Where the workers turn out to be alike, each counts as much as any other.
import { alike } from './alike.ts'
import type { Crowd } from './crowd.ts'
import { type Agreed, workersDiffer } from './differ.ts'

/** Turns of estimating: the answers of all crowds that were tried stand still after half of them. */
const TURNS = 20
/**
 * A worker is believed to be like the whole crowd, and to answer each class as well as any, as if that had been seen in
 * so many answers: the less the crowd's workers (a worker's classes) differ beyond chance, the more, within these
 * bounds. Without it one vote would make a worker infallible; plain majority is better than that where everybody
 * answers only a few tasks or all are alike.
 */
const BELIEF = { least: 4, most: 60 }
/** Before any vote, the crowd is believed to be right in three of four, as if seen in so many. */
const CROWD = { right: 3, answers: 4 }
/** Products below it are made larger by the same power of two for all classes, which rounds nothing. */
const SMALL = 2 ** -256
const LARGER = 2 ** 256

export interface Estimate {
  /** How likely each class is, by item * classes + class. */
  readonly likely: Float64Array
  /** The likeliest class of each item; the lowest of several; -1 where no vote decides. */
  readonly answers: Int32Array
}

export function dawidSkene(crowd: Crowd): Estimate {
  const votes = crowd.votes.toSorted((a, b) => a.item - b.item || a.worker - b.worker || a.label - b.label)
  const sorted = { ...crowd, votes }
  const likely = byMajority(sorted)
  const confusion = new Float64Array(crowd.workers * crowd.classes * crowd.classes)
  for (let turn = 0; turn < TURNS; turn++) {
    measureWorkers(sorted, likely, confusion)
    weighVotes(sorted, confusion, likely)
  }
  if (!workersDiffer(sorted, agreedOf(sorted, confusion, likely))) {
    likely.set(alike(sorted, CROWD))
    fixKnown(likely, crowd.classes, crowd.known)
  }
  return { likely, answers: likeliest(sorted, likely) }
}

/** How likely each vote is to be right, by all that is known but itself: what it multiplied by is divided out. */
function agreedOf({ classes, votes, known }: Crowd, confusion: Float64Array, likely: Float64Array): Agreed[] {
  return votes.map(({ item, worker, label, silent }) => {
    const counted = !silent && known?.has(item) !== true
    let [own, all] = [0, 0]
    for (let truth = 0; truth < classes; truth++) {
      const by = counted ? (confusion[(worker * classes + truth) * classes + label] ?? 1) : 1
      const without = (likely[item * classes + truth] ?? 0) / by
      all += without
      if (truth === label) own = without
    }
    return { worker, part: own / all }
  })
}

function byMajority({ items, classes, votes, known }: Crowd): Float64Array {
  const likely = new Float64Array(items * classes)
  for (const { item, label, silent } of votes) if (!silent) bump(likely, item * classes + label, 1)
  for (let item = 0; item < items; item++) normalise(likely, item * classes, classes)
  fixKnown(likely, classes, known)
  return likely
}

function fixKnown(
  likely: Float64Array,
  classes: number,
  known: ReadonlyMap<number, number> = new Map(),
): void {
  for (const [item, label] of known) {
    likely.fill(0, item * classes, (item + 1) * classes)
    likely[item * classes + label] = 1
  }
}

/** confusion[worker][truth][label]: how often the worker says label where truth is right. */
function measureWorkers(crowd: Crowd, likely: Float64Array, confusion: Float64Array): void {
  const { workers, classes, votes } = crowd
  const skills = skillsOf(crowd, likely)
  confusion.fill(0)
  for (const { item, worker, label } of votes)
    for (let truth = 0; truth < classes; truth++)
      bump(confusion, (worker * classes + truth) * classes + label, likely[item * classes + truth] ?? 0)
  const belief = beliefIn(rowsOf(crowd, confusion, skills))
  for (let row = 0; row < workers * classes; row++) {
    const well = belief * (skills[Math.floor(row / classes)] ?? 0)
    const badly = (belief - well) / (classes - 1)
    for (let label = 0; label < classes; label++)
      bump(confusion, row * classes + label, label === row % classes ? well : badly)
    normalise(confusion, row * classes, classes)
  }
}

/** What part of its answers each worker has right, whatever the class. */
function skillsOf({ workers, classes, votes, past }: Crowd, likely: Float64Array): Float64Array {
  const right = new Float64Array(workers)
  const answers = new Float64Array(workers)
  for (const { item, worker, label } of votes) {
    bump(right, worker, likely[item * classes + label] ?? 0)
    bump(answers, worker, 1)
  }
  for (const [worker, before] of past ?? []) {
    bump(right, worker, before.right)
    bump(answers, worker, before.answers)
  }
  let { right: allRight, answers: all } = CROWD
  for (let worker = 0; worker < workers; worker++) {
    allRight += right[worker] ?? 0
    all += answers[worker] ?? 0
  }
  const usual = allRight / all
  const belief = beliefIn(
    Array.from(right, (sum, worker) => ({ right: sum, answers: answers[worker] ?? 0, usual })),
  )
  return right.map((sum, worker) => (sum + belief * usual) / ((answers[worker] ?? 0) + belief))
}

interface Observed {
  readonly right: number
  readonly answers: number
  /** What is believed of it but for this. */
  readonly usual: number
}

/** Each worker's answers to items of each class. */
function rowsOf(
  { workers, classes }: Crowd,
  confusion: Float64Array,
  skills: Float64Array,
): readonly Observed[] {
  return Array.from({ length: workers * classes }, (_, row) => {
    let answers = 0
    for (let label = 0; label < classes; label++) answers += confusion[row * classes + label] ?? 0
    const right = confusion[row * classes + (row % classes)] ?? 0
    return { right, answers, usual: skills[Math.floor(row / classes)] ?? 0 }
  })
}

/** Chance alone makes parts differ by usual * (1 - usual) / answers; what is beyond that is a difference in skill. */
function beliefIn(observed: readonly Observed[]): number {
  let [seen, chance, each] = [0, 0, 0]
  for (const { right, answers, usual } of observed) {
    if (answers === 0) continue
    const off = right / answers - usual
    seen += answers * off * off
    chance += usual * (1 - usual)
    each += answers * usual * (1 - usual)
  }
  if (seen <= chance) return BELIEF.most
  const belief = each / (seen - chance)
  return Math.min(Math.max(belief, BELIEF.least), BELIEF.most)
}

function weighVotes(crowd: Crowd, confusion: Float64Array, likely: Float64Array): void {
  const { items, classes, votes, known } = crowd
  const frequent = frequencies(crowd, likely)
  for (let item = 0; item < items; item++) likely.set(frequent, item * classes)
  for (const { item, worker, label, silent } of votes) {
    if (silent) continue
    let most = 0
    for (let truth = 0; truth < classes; truth++) {
      const at = item * classes + truth
      const product = (likely[at] ?? 0) * (confusion[(worker * classes + truth) * classes + label] ?? 0)
      likely[at] = product
      if (product > most) most = product
    }
    if (most < SMALL) for (let at = item * classes; at < (item + 1) * classes; at++) scale(likely, at, LARGER)
  }
  for (let at = 0; at < items; at++) normalise(likely, at * classes, classes)
  fixKnown(likely, classes, known)
}

/** How frequent each class is, as if each had been seen once more. */
function frequencies({ items, classes }: Crowd, likely: Float64Array): Float64Array {
  const frequent = new Float64Array(classes).fill(1)
  for (let at = 0; at < items * classes; at++) bump(frequent, at % classes, likely[at] ?? 0)
  normalise(frequent, 0, classes)
  return frequent
}

function likeliest({ items, classes, votes, known }: Crowd, likely: Float64Array): Int32Array {
  const decided = new Set([
    ...votes.filter(({ silent }) => !silent).map(({ item }) => item),
    ...(known?.keys() ?? []),
  ])
  return Int32Array.from({ length: items }, (_, item) => {
    if (!decided.has(item)) return -1
    let best = 0
    for (let label = 1; label < classes; label++)
      if ((likely[item * classes + label] ?? 0) > (likely[item * classes + best] ?? 0)) best = label
    return best
  })
}

function bump(values: Float64Array, at: number, by: number): void {
  values[at] = (values[at] ?? 0) + by
}

function scale(values: Float64Array, at: number, by: number): void {
  values[at] = (values[at] ?? 0) * by
}

/** So that they sum to one; all alike where there is nothing. */
function normalise(values: Float64Array, from: number, count: number): void {
  let sum = 0
  for (let at = from; at < from + count; at++) sum += values[at] ?? 0
  for (let at = from; at < from + count; at++) values[at] = sum > 0 ? (values[at] ?? 0) / sum : 1 / count
}
