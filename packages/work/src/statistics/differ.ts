// Whether the workers of a crowd differ in skill by more than chance explains. Where they do not, what is learned of each
// is noise, and every vote counts alike. Only + - * / and comparison, in one order.
import type { Crowd } from './crowd.ts'

/** Standard deviations beyond what chance makes of workers who are alike; how often they exceed it: decision 078. */
const BEYOND_CHANCE = 3.5

/** How right each vote is, as the others on its item see it: what its worker says of itself is left out. */
export interface Agreed {
  readonly worker: number
  readonly part: number
}

export function workersDiffer({ workers, past }: Crowd, agreed: readonly Agreed[]): boolean {
  const right = new Float64Array(workers)
  const answers = new Float64Array(workers)
  for (const { worker, part } of agreed) {
    right[worker] = (right[worker] ?? 0) + part
    answers[worker] = (answers[worker] ?? 0) + 1
  }
  for (const [worker, before] of past ?? []) {
    right[worker] = (right[worker] ?? 0) + before.right
    answers[worker] = (answers[worker] ?? 0) + before.answers
  }
  const { usual, spread, tails } = momentsOf(agreed, past)
  if (!(spread > 0)) return false
  let [beyond, variance] = [0, 0]
  for (const [worker, count] of answers.entries()) {
    if (count === 0) continue
    const off = (right[worker] ?? 0) - count * usual
    // One in the mean if chance alone is at work, and with this variance.
    beyond += (off * off) / (count * spread) - 1
    variance += 2 + (tails / (spread * spread) - 3) / count
  }
  return beyond > 0 && beyond * beyond > BEYOND_CHANCE * BEYOND_CHANCE * variance
}

interface Moments {
  readonly usual: number
  /** Mean of the second and of the fourth power of what a single answer is off by. */
  readonly spread: number
  readonly tails: number
}

function momentsOf(agreed: readonly Agreed[], past: Crowd['past'] = new Map()): Moments {
  const parts = new Map<number, number>()
  const add = (part: number, count: number): unknown => parts.set(part, (parts.get(part) ?? 0) + count)
  for (const { part } of agreed) add(part, 1)
  for (const { answers, right } of past.values()) {
    add(1, right)
    add(0, answers - right)
  }
  let [sum, all] = [0, 0]
  for (const [part, count] of parts) {
    sum += part * count
    all += count
  }
  const usual = all > 0 ? sum / all : 0
  let [spread, tails] = [0, 0]
  for (const [part, count] of parts) {
    const square = (part - usual) * (part - usual)
    spread += square * count
    tails += square * square * count
  }
  return { usual, spread: all > 0 ? spread / all : 0, tails: all > 0 ? tails / all : 0 }
}
