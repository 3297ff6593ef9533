// People who save themselves the looking: they draw lots, always say the same, repeat what they said before, or agree with
// others on made-up answers. Known answers and redundancy score them; what is paid is compared with what the honest get.
import { SeededRandom } from '@piecework/testkit'
import { type Labelled, type Labeller, OPTIONS, payPerAnswer, playLabelling, skilled } from './play.ts'

const PRICE = 1_000n
const CAPACITY = 6
const REPLICAS = 5
const KNOWN_EACH = 5
const HONEST = 10
/** The honest are right in 70 to 95 of 100. */
const SKILL = { least: 0.7, step: 0.025 }
/** Who repeats looks at one task in so many. */
const LOOKS_AT = 5

/** Per cent of an honest answer's pay. Chance alone fits one in four, and what fits is paid the floor of a fifth. */
const FOR_NOTHING = 15
/** Looking at one in five, and chance for the rest. */
const FOR_A_FIFTH = 25
/** Until their skill is known they outvote the honest here and there. */
const FOR_AGREEING = 20

export interface Fooled {
  readonly strategy: string
  /** Of an answer, per cent of what the honest are paid for one. */
  readonly paid: number
  /** The bar. */
  readonly most: number
}

interface Lazy extends Pick<Fooled, 'strategy' | 'most'> {
  readonly of: Labeller
}

export interface Scored {
  readonly fooled: readonly Fooled[]
  /** Parts of the results that are right: beside those who save themselves the looking, and beside a colluding third. */
  readonly right: number
  readonly rightBesideThird: number
}

export async function scoreTheLazy(name: string, epochs: number): Promise<Scored> {
  const lazy: readonly Lazy[] = [
    { strategy: 'draws lots', most: FOR_NOTHING, of: labeller(skilled(`${name} lots`, 0)) },
    { strategy: 'always says the same', most: FOR_NOTHING, of: labeller(() => 0) },
    { strategy: `looks at one in ${LOOKS_AT} and repeats it`, most: FOR_A_FIFTH, of: labeller(repeating()) },
  ]
  const alone = await play(`${name}, alone`, { others: lazy.map(({ of }) => of), epochs })
  const together = Array.from({ length: HONEST / 2 }, () => labeller(madeUp(name)))
  const third = await play(`${name}, a third`, { others: together, epochs })
  return {
    fooled: [
      ...lazy.map(({ strategy, most }, i) => ({ strategy, most, paid: paidBeside(alone, [HONEST + i]) })),
      {
        strategy: 'agrees with a third of all on made-up answers',
        most: FOR_AGREEING,
        paid: paidBeside(
          third,
          together.map((_, i) => HONEST + i),
        ),
      },
    ],
    right: alone.right,
    rightBesideThird: third.right,
  }
}

function labeller(answers: Labeller['answers']): Labeller {
  return { answers, capacity: CAPACITY }
}

function repeating(): Labeller['answers'] {
  let last = 0
  return (truth, task) => {
    if (task % LOOKS_AT === 0) last = truth
    return last
  }
}

function madeUp(name: string): Labeller['answers'] {
  return (_truth, task) => new SeededRandom(`${name}, made up ${task}`).below(OPTIONS.length)
}

interface Beside {
  readonly others: readonly Labeller[]
  readonly epochs: number
}

function play(name: string, { others, epochs }: Beside): Promise<Labelled> {
  const honest = Array.from({ length: HONEST }, (_, i) =>
    labeller(skilled(`${name}, honest ${i}`, SKILL.least + SKILL.step * i)),
  )
  const pay = { price: PRICE, replicas: REPLICAS }
  return playLabelling({ name, labellers: [...honest, ...others], pay, epochs, knownEach: KNOWN_EACH })
}

function paidBeside(played: Labelled, labellers: readonly number[]): number {
  const mean = (of: readonly number[]): number =>
    of.reduce((sum, one) => sum + payPerAnswer(played, one, PRICE), 0) / of.length
  const honest = mean(Array.from({ length: HONEST }, (_, i) => i))
  return Math.round((1_000 * mean(labellers)) / honest) / 10
}
