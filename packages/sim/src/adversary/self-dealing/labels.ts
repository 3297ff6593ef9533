// One person behind several accounts in a label job that pays by share: the same person's answers, dealt to one account or
// to several, scored as label scores.
import { SeededRandom } from '@piecework/testkit'
import { type Labelled, type Labeller, playLabelling, skilled } from '../labelling/play.ts'

const EPOCHS = 4
const REPLICAS = 3
const KNOWN_EACH = 5
/** Tasks of an epoch, in all accounts together. */
const CAPACITY = 6
const PAY = { rule: 'share', price: 200_000n, capPrice: 1_000n, replicas: REPLICAS } as const

export interface Mean {
  /** Of the pay of one account, the part that several get more. */
  readonly gain: number
  readonly error: number
}

export interface Crowd {
  readonly others: number
  readonly mostAccounts: number
}

/** Many others: a task seldom comes to two accounts of the same person. */
export const MANY: Crowd = { others: 24, mostAccounts: 3 }
/** So few that the person's accounts often meet at a task, and agree with themselves. */
export const FEW: Crowd = { others: 6, mostAccounts: 3 }

export async function splitLabels(crowd: Crowd, times: number): Promise<Mean> {
  const gains: number[] = []
  const wholes: number[] = []
  for (let number = 0; number < times; number++) {
    const { whole, gain } = await split(crowd, number)
    gains.push(gain)
    wholes.push(whole)
  }
  const [gain, whole] = [mean(gains), mean(wholes)]
  const spread = gains.reduce((sum, one) => sum + (one - gain) ** 2, 0) / (times - 1)
  return { gain: gain / whole, error: Math.sqrt(spread / times) / whole }
}

async function split(
  { others: count, mostAccounts }: Crowd,
  number: number,
): Promise<Record<'whole' | 'gain', number>> {
  const name = `splitting labels ${number} among ${count}`
  const random = new SeededRandom(name)
  const accounts = 2 + random.below(mostAccounts - 1)
  const own = skilled(`${name}, own`, 0.3 + 0.7 * random.float())
  const others = Array.from({ length: count }, (_, i) => ({
    answers: skilled(`${name}, other ${i}`, 0.6 + 0.4 * random.float()),
    capacity: CAPACITY,
  }))
  const earn = async (parts: number): Promise<number> => {
    const mine: Labeller[] = Array.from({ length: parts }, () => ({
      answers: own,
      capacity: CAPACITY / parts,
    }))
    const labellers = [...mine, ...others]
    return shareOf(
      await playLabelling({ name, labellers, pay: PAY, epochs: EPOCHS, knownEach: KNOWN_EACH }),
      parts,
    )
  }
  const whole = await earn(1)
  return { whole, gain: (await earn(accounts)) - whole }
}

/** Of all that was paid: with more accounts other tasks are dealt, which must not count as gain. */
function shareOf({ money }: Labelled, parts: number): number {
  const sum = (of: readonly bigint[]): number => Number(of.reduce((all, one) => all + one, 0n))
  return sum(money.slice(0, parts)) / sum(money)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
