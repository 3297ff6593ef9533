// A label job with the real scoring, paid by the real applyEpoch: people who answer, each in a way of its own, among
// verifiers that all check.
import type { JudgedTask, JudgeInput, Judgement } from '@piecework/protocol'
import {
  type ContributorPlan,
  type JobPlan,
  SeededRandom,
  TOY_KINDS,
  toyRules,
  toyWork,
  World,
} from '@piecework/testkit'
import { loadKinds, type OpenJob } from '@piecework/work'
import { moneyByOwner } from '../cheating/gain.ts'

export const OPTIONS: readonly string[] = ['robin', 'blackbird', 'tit', 'other']
/** Everybody has bond enough to have a say. */
const TRUSTED = 10_000_000n
/** Whoever answers gets to its full capacity at once. */
const TRIAL_ROWS = 256
/** What is still out is answered, and judged. */
const AFTERWARDS = 8

export const NOTHING_HELD = {
  bytes: (): Uint8Array => {
    throw new Error('label holds nothing while it judges')
  },
}

/** Which option somebody chooses whose right answer is `truth`. */
export type Answers = (truth: number, task: number) => number

export interface Labeller {
  readonly answers: Answers
  /** Tasks in an epoch. */
  readonly capacity: number
}

export interface Labelling {
  readonly name: string
  readonly labellers: readonly Labeller[]
  readonly pay: JobPlan
  readonly epochs: number
  /** Of so many tasks one has a known answer, which its keeper opens. None if it is nothing. */
  readonly knownEach: number
}

export interface Labelled {
  /** By labeller, in units of money. */
  readonly money: readonly bigint[]
  /** By labeller: answers that were judged. */
  readonly answers: readonly number[]
  /** Part of the judged tasks whose result is the right one. */
  readonly right: number
}

export function rightOption(world: string, task: number): number {
  return new SeededRandom(`${world}, task ${task}`).below(OPTIONS.length)
}

/** Right in this part of its answers, otherwise by lot; the same answer whichever account gives it. */
export function skilled(name: string, skill: number): Answers {
  return (truth, task) => {
    const random = new SeededRandom(`${name}, task ${task}`)
    return random.float() < skill ? truth : random.below(OPTIONS.length)
  }
}

export async function labelJob(): Promise<OpenJob> {
  const kinds = await loadKinds([], (name) => import(name))
  const options = OPTIONS.map((value) => ({ value, label: value }))
  const items = '00'.repeat(32)
  return kinds.named('label').open({ instructions: 'Which bird?', items, answer: { type: 'one', options } })
}

export async function playLabelling(labelling: Labelling): Promise<Labelled> {
  const { name, labellers, pay, epochs } = labelling
  const tally = new Tally(await labelJob(), labelling)
  const world = new World({
    name,
    kinds: toyRules(),
    work: { ...toyWork, judge: (input) => tally.judge(input) },
    params: { trialRows: TRIAL_ROWS },
    contributors: labellers.map(({ answers, capacity }): ContributorPlan => {
      const output = ({ task }: { readonly task: number }): Uint8Array =>
        outputOf(answers(rightOption(name, task), task))
      return { vouched: TRUSTED, capacity, behaviour: { output } }
    }),
  })
  const job = world.addJob({ kind: TOY_KINDS.across, ...pay })
  for (let epoch = 0; epoch < epochs; epoch++) world.step()
  world.closeJob(job)
  for (let epoch = 0; epoch < AFTERWARDS; epoch++) world.step()
  return { ...tally.found(labellers.length), money: moneyByOwner(world.state).slice(0, labellers.length) }
}

export function outputOf(option: number): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(OPTIONS[option]))
}

/** Judges as label does, with the known answers that a keeper would open, and keeps count. */
class Tally {
  readonly #job: OpenJob
  readonly #labelling: Labelling
  readonly #answers = new Map<number, number>()
  /** By task: whether its result is the right one. */
  readonly #right = new Map<number, boolean>()

  constructor(job: OpenJob, labelling: Labelling) {
    this.#job = job
    this.#labelling = labelling
  }

  judge({ memory, tasks }: JudgeInput): Judgement {
    const input = { memory, held: NOTHING_HELD, tasks: tasks.map((task) => this.#withKnown(task)) }
    const judged = this.#job.aggregate?.(input)
    if (judged === undefined) throw new Error('label is judged across nodes')
    for (const [i, { task, answers }] of tasks.entries()) {
      for (const { owner } of answers) this.#answers.set(owner, (this.#answers.get(owner) ?? 0) + 1)
      this.#right.set(task, this.#isRight(task, judged.tasks[i]?.result))
    }
    return judged
  }

  #withKnown(asked: JudgedTask): JudgedTask {
    const { name, knownEach } = this.#labelling
    const { task } = asked
    return knownEach > 0 && task % knownEach === 0
      ? { ...asked, known: outputOf(rightOption(name, task)) }
      : asked
  }

  #isRight(task: number, result: Uint8Array = new Uint8Array()): boolean {
    const said = answerIn(this.#job.result(result))
    return said === OPTIONS[rightOption(this.#labelling.name, task)]
  }

  found(labellers: number): Pick<Labelled, 'answers' | 'right'> {
    const right = [...this.#right.values()]
    return {
      answers: Array.from({ length: labellers }, (_, owner) => this.#answers.get(owner) ?? 0),
      right: right.filter(Boolean).length / right.length,
    }
  }
}

function answerIn(result: unknown): unknown {
  return typeof result === 'object' && result !== null && 'answer' in result ? result.answer : undefined
}

/** Of the whole price of each answer, the part that was paid. */
export function payPerAnswer({ money, answers }: Labelled, labeller: number, price: bigint): number {
  return Number(money[labeller] ?? 0n) / (Number(price) * (answers[labeller] ?? 0))
}
