// A requester that could choose, after it saw all answers, which of its known answers to open: what would it pay less?
// The rule lets it choose all of an epoch or none; here it may open any part, to see what the rule is worth.
import type { JudgedTask } from '@piecework/protocol'
import { SeededRandom } from '@piecework/testkit'
import { labelJob, NOTHING_HELD, OPTIONS, outputOf, rightOption, skilled } from './play.ts'

const WORKERS = 12
const REPLICAS = 3
const EPOCHS = 4
const TASKS = 40
const KNOWN_EACH = 4

export interface Choice {
  /** Otherwise each known answer is some other option, drawn before anybody answers. */
  readonly isTrue: boolean
  readonly opens: 'none' | 'all' | 'what lowers pay'
}

export interface Paid {
  /** Of the whole price of all answers. */
  readonly pay: number
  /** Part of the tasks without a known answer whose result is right. */
  readonly right: number
}

type Judged = ReturnType<NonNullable<Awaited<ReturnType<typeof labelJob>>['aggregate']>>

/** One job of some epochs, whose crowd and tasks follow from its name. */
export async function playChoosing(name: string, { isTrue, opens }: Choice): Promise<Paid> {
  const { aggregate, result } = await labelJob()
  if (aggregate === undefined) throw new Error('label is judged across nodes')
  const random = new SeededRandom(name)
  const workers = Array.from({ length: WORKERS }, (_, i) =>
    skilled(`${name} ${i}`, 0.3 + 0.7 * random.float()),
  )
  let memory: Uint8Array = new Uint8Array()
  let [paid, answers, right, unknown] = [0, 0, 0, 0]
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const tasks = Array.from({ length: TASKS }, (_, i) =>
      taskOf({ name, task: epoch * TASKS + i, workers, random }),
    )
    const judge = (opened: ReadonlySet<number>): Judged =>
      aggregate({
        memory,
        held: NOTHING_HELD,
        tasks: tasks.map((one) =>
          opened.has(one.task) ? { ...one, known: knownOf(name, one.task, isTrue) } : one,
        ),
      })
    const known = tasks.map(({ task }) => task).filter((task) => task % KNOWN_EACH === 0)
    const judged = judge(chosenOf({ opens, known, payOf: (opened) => payOf(judge(opened)) }))
    memory = judged.memory
    paid += payOf(judged)
    for (const [i, { task }] of tasks.entries()) {
      answers += REPLICAS
      if (known.includes(task)) continue
      unknown++
      const said = Object(result(judged.tasks[i]?.result ?? new Uint8Array())).answer
      if (said === OPTIONS[rightOption(name, task)]) right++
    }
  }
  return { pay: paid / answers, right: right / unknown }
}

interface Asked {
  readonly name: string
  readonly task: number
  readonly workers: readonly ReturnType<typeof skilled>[]
  readonly random: SeededRandom
}

function taskOf({ name, task, workers, random }: Asked): JudgedTask {
  const truth = rightOption(name, task)
  const owners = new Set<number>()
  while (owners.size < REPLICAS) owners.add(random.below(workers.length))
  const answers = [...owners].map((owner) => {
    const output = outputOf(workers[owner]?.(truth, task) ?? 0)
    return { node: owner, owner, epoch: 0, trial: false, units: 1, output }
  })
  return { task, known: undefined, result: undefined, answers }
}

function knownOf(name: string, task: number, isTrue: boolean): Uint8Array {
  const truth = rightOption(name, task)
  if (isTrue) return outputOf(truth)
  // Committed to before anybody answered: some other option.
  const other = new SeededRandom(`${name}, lie ${task}`).below(OPTIONS.length - 1)
  return outputOf((truth + 1 + other) % OPTIONS.length)
}

interface Choosing {
  readonly opens: Choice['opens']
  readonly known: readonly number[]
  readonly payOf: (opened: ReadonlySet<number>) => number
}

/** One after the other, each that lowers what is paid beside those that were chosen before. */
function chosenOf({ opens, known, payOf: pay }: Choosing): ReadonlySet<number> {
  if (opens !== 'what lowers pay') return new Set(opens === 'all' ? known : [])
  let chosen: ReadonlySet<number> = new Set()
  let least = pay(chosen)
  for (const task of known) {
    const more = new Set([...chosen, task])
    const paid = pay(more)
    if (paid < least) [chosen, least] = [more, paid]
  }
  return chosen
}

const MILLION = 1_000_000

function payOf({ tasks }: Judged): number {
  return tasks.reduce((sum, { scores }) => sum + scores.reduce((all, one) => all + one / MILLION, 0), 0)
}
