// A requester that pays itself: its own nodes do its own job, and whoever else is paid for that may be its friend.
import { World } from '@piecework/testkit'
import { FIRST_WORK } from '../cheating/arena.ts'
import { moneyByOwner } from '../cheating/gain.ts'

interface OwnJob {
  readonly rule: 'piece' | 'share'
  /** Of a unit, or the budget of an epoch. */
  readonly price: bigint
  /** Of its verifiers. */
  readonly friends: number
  /** It settles, too. */
  readonly settles: boolean
}

export interface SelfPaid {
  /** Of all that it owns, with its friends: what came back, less what its job was charged. */
  readonly gain: bigint
  /** The part of the charges that did not come back. */
  readonly lost: number
}

const VERIFIERS = 10
/** Of those. */
const FRIENDS = [0, 3]
const NODES = 5
const STAKE = 1000n
const RULES = ['piece', 'share'] as const
/** From so little that all fees round down to nothing, to much. */
const PRICES = [1n, 6n, 7n, 100n, 1_000_003n]
/** A score of one may have this part of an epoch's budget. */
const CAP_PART = 3n

export function payOneselfEveryWay(epochs: number): SelfPaid[] {
  const ways = RULES.flatMap((rule) => PRICES.map((price) => ({ rule, price }))).flatMap((terms) =>
    FRIENDS.flatMap((friends) => [true, false].map((settles): OwnJob => ({ ...terms, friends, settles }))),
  )
  return ways.map((way) => payOneself(way, epochs))
}

function payOneself({ rule, price, friends, settles }: OwnJob, epochs: number): SelfPaid {
  const verifiers = Array.from({ length: VERIFIERS }, () => ({ stake: STAKE }))
  const world = new World({ name: `own job ${rule} ${price}`, verifiers })
  const own = Array.from({ length: NODES }, () => world.enrol())
  const [first] = own
  if (settles && first !== undefined) world.settler = first.wallet
  const job = world.addJob({ rule, price, capPrice: rule === 'share' ? price / CAP_PART + 1n : 0n })
  // Its nodes get nothing before they are in the workforce.
  for (let epoch = 0; epoch < FIRST_WORK + epochs; epoch++) world.step()
  const operators = world.snapshot().slice(0, friends)
  const wallets = [...own.map(({ wallet }) => wallet), ...operators.map(({ operator }) => operator)]
  const charged = world.state.jobs[job]?.charged ?? 0n
  const gain = moneyOf(world, wallets) - charged
  return { gain, lost: charged === 0n ? 0 : Number(-gain) / Number(charged) }
}

function moneyOf({ state }: World, wallets: readonly Uint8Array[]): bigint {
  const money = moneyByOwner(state)
  return wallets.reduce((sum, wallet) => {
    const owner = state.owners.findIndex((one) => Buffer.compare(one.wallet, wallet) === 0)
    return sum + (money[owner] ?? 0n)
  }, 0n)
}
