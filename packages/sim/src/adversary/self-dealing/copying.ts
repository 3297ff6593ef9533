// One person behind several accounts of a label job, where a task is done once by each account: the person answers once and
// copies it into each of its accounts that has the task, or says anything at all, the same everywhere.
import { SeededRandom } from '@piecework/testkit'
import { type Answers, type Labeller, OPTIONS, playLabelling, skilled } from '../labelling/play.ts'

const PRICE = 1_000n
const CAPACITY = 6
const EPOCHS = 8
/** Of so many tasks one has a known answer. */
const KNOWN_EACH = 5
const OTHERS = 10
/** The others, and this person where it looks, are right in 85 of 100. */
const SKILL = 0.85

export interface Copying {
  /** Of this person; ten others have one each. */
  readonly accounts: number
  readonly replicas: number
  readonly known: boolean
  /** Looks at each task, once for all of its accounts. */
  readonly looks: boolean
}

export interface Copied extends Copying {
  /** Part of its answers that it did not look for. */
  readonly saved: number
  /** The same, as the draw of replicas among all accounts has it for who looks. */
  readonly savedByChance: number
  /** Of an answer, as a part of what the others are paid for one. */
  readonly paid: number
  /** Part of the results that is right. */
  readonly right: number
}

/** Two of twelve accounts; a third of all, with few replicas and with more. */
const PEOPLE = [
  { accounts: 2, replicas: 3 },
  { accounts: 5, replicas: 3 },
  { accounts: 5, replicas: 5 },
] as const

const WAYS: readonly Copying[] = PEOPLE.flatMap((person) =>
  [true, false].flatMap((known) => [true, false].map((looks) => ({ ...person, known, looks }))),
)

/** Means over so many worlds. */
export async function copyEveryWay(times: number): Promise<Copied[]> {
  const copied: Copied[] = []
  for (const way of WAYS) {
    const worlds: Played[] = []
    for (let number = 0; number < times; number++) worlds.push(await copyOnce(way, number))
    const mean = (of: (one: Played) => number): number => sum(worlds.map(of)) / worlds.length
    copied.push({
      ...way,
      saved: mean(({ saved }) => saved),
      savedByChance: savedByChance(way),
      paid: mean(({ paid }) => paid),
      right: mean(({ right }) => right),
    })
  }
  return copied
}

export function nameOf({ accounts, replicas, known, looks }: Copying): string {
  const answers = looks ? 'copies one look' : 'makes one up'
  return `${accounts} of ${accounts + OTHERS} accounts, ${replicas} replicas, known answers ${known ? 'yes' : 'no'}, ${answers}`
}

type Played = Pick<Copied, 'saved' | 'paid' | 'right'>

async function copyOnce(way: Copying, number: number): Promise<Played> {
  const { accounts, replicas, known, looks } = way
  const name = `copying ${number}, ${nameOf(way)}`
  const tasks = new Set<number>()
  const answers = looks ? skilled(`${name}, own`, SKILL) : madeUp(name)
  const own: Labeller = {
    answers: (truth, task) => {
      tasks.add(task)
      return answers(truth, task)
    },
    capacity: CAPACITY,
  }
  const others = Array.from({ length: OTHERS }, (_, i): Labeller => {
    return { answers: skilled(`${name}, other ${i}`, SKILL), capacity: CAPACITY }
  })
  const played = await playLabelling({
    name,
    labellers: [...Array.from({ length: accounts }, () => own), ...others],
    pay: { price: PRICE, replicas },
    epochs: EPOCHS,
    knownEach: known ? KNOWN_EACH : 0,
  })
  const given = sum(played.answers.slice(0, accounts))
  const each = (from: number, to: number): number =>
    sum(played.money.slice(from, to).map(Number)) / sum(played.answers.slice(from, to))
  return {
    saved: looks ? 1 - tasks.size / given : 1,
    paid: each(0, accounts) / each(accounts, accounts + OTHERS),
    right: played.right,
  }
}

function madeUp(name: string): Answers {
  return (_truth, task) => new SeededRandom(`${name}, made up ${task}`).below(OPTIONS.length)
}

/** Of k accounts among n that are all alike, r of them at a task: a look for each task that any of the k has. */
function savedByChance({ accounts: k, replicas: r }: Copying): number {
  const n = k + OTHERS
  let none = 1
  for (let i = 0; i < r; i++) none *= (n - k - i) / (n - i)
  return 1 - (1 - none) / ((r * k) / n)
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0)
}
