// What a majority of verifiers that is in it together may write into the ledgers.
import type { SeededRandom } from '@piecework/testkit'
import type { Actors } from './actors.ts'
import type { Account, ChargedJob, Entries } from './books.ts'

const LARGEST = 2n ** 64n - 1n

export type Lie = (entries: Entries, random: SeededRandom, actors: Actors) => Entries

/** Each breaks another promise of the ledgers; the program can see some of them at once, and others by a dispute. */
export const LIES: Readonly<Record<string, Lie>> = {
  'a leaf larger than its total says': (entries, random) =>
    withAccount(entries, random, (one) => ({ ...one, amount: one.amount + 1_000_000n })),
  'a total larger than its leaves': (entries) => ({ ...entries, paid: entries.paid + 1_000n }),
  'more paid than charged': (entries) => ({ ...entries, paid: entries.charged + 1n }),
  'more charged than deposited': (entries) => ({ ...entries, charged: entries.charged + 2n ** 60n }),
  'a leaf that shrinks': (entries, random) =>
    withAccount(entries, random, (one) => ({ ...one, amount: one.amount / 2n })),
  "somebody else's leaf": (entries, random, { wallets }) =>
    withAccount(entries, random, (one) => ({
      ...one,
      wallet: wallets[random.below(wallets.length)]?.address ?? one.wallet,
    })),
  'a ledger that forgets': (entries) => ({ ...entries, accounts: entries.accounts.slice(0, -1) }),
  'the largest leaf': (entries, random) =>
    withAccount(entries, random, (one) => ({ ...one, amount: LARGEST })),
  'the largest totals': (entries) => ({ ...entries, paid: LARGEST, charged: LARGEST }),
  'a job charged beyond its deposit': (entries, random) =>
    withJob(entries, random, (one) => ({ ...one, charged: one.charged + 2n ** 40n })),
  'a job that is done too early': (entries, random) =>
    withJob(entries, random, (one) => ({ ...one, done: true })),
  'a job that costs nothing after all': (entries, random) =>
    withJob(entries, random, (one) => ({ ...one, charged: 0n, done: true })),
}

function withAccount(entries: Entries, random: SeededRandom, change: (one: Account) => Account): Entries {
  const place = random.below(entries.accounts.length)
  const accounts = entries.accounts.map((one, at) => (at === place ? capped(change(one)) : one))
  return { ...entries, accounts }
}

function capped(one: Account): Account {
  return one.amount > LARGEST ? { ...one, amount: LARGEST } : one
}

function withJob(entries: Entries, random: SeededRandom, change: (one: ChargedJob) => ChargedJob): Entries {
  const place = random.below(entries.jobs.length)
  const jobs = entries.jobs.map((one, at) => (at === place ? change(one) : one))
  return { ...entries, jobs }
}
