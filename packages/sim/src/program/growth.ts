// What an honest epoch adds to the ledgers: work on jobs that have money left, paid to somebody, now and then a slash.
import type { SeededRandom } from '@piecework/testkit'
import type { Actors } from './actors.ts'
import type { Account, ChargedJob, Entries, Slashed } from './books.ts'
import type { KnownJob } from './jobs.ts'
import type { Verifier } from './network.ts'

/** Accounts fill a page and begin another. */
const FIRST_ACCOUNTS = 1_030
const CHARGES_PER_EPOCH = 4
const MOST_CHARGED = 20_000
const NEW_ACCOUNT = 0.3
const SLASH = 0.2
const MOST_SLASHED = 60_000

export interface Growing {
  readonly random: SeededRandom
  readonly actors: Actors
  readonly jobs: readonly KnownJob[]
  readonly verifiers: readonly Verifier[]
}

export function grow(before: Entries, around: Growing): Entries {
  const accounts = [...before.accounts]
  while (accounts.length < FIRST_ACCOUNTS || around.random.chance(NEW_ACCOUNT))
    accounts.push(newAccount(around))
  const jobs = around.jobs.map((known, index) => ageing(known, before.jobs[index], around.random))
  let { paid, charged } = before
  for (let i = 0; i < CHARGES_PER_EPOCH; i++) {
    const spent = charge(jobs, around)
    const pay = (spent * 4n) / 5n
    const place = around.random.below(accounts.length)
    const one = accounts[place]
    if (one === undefined || one.amount + pay >= 2n ** 64n) continue
    accounts[place] = { ...one, amount: one.amount + pay }
    charged += spent
    paid += pay
  }
  const { slashes, added } = slash(before.slashes, around)
  return { accounts, jobs, slashes, paid, charged, slashed: before.slashed + added }
}

function newAccount({ random, actors: { wallets } }: Growing): Account {
  const owner = wallets[random.below(wallets.length)]
  if (owner === undefined) throw new Error('somebody has a wallet')
  return {
    wallet: owner.address,
    amount: 0n,
    minAmount: BigInt(random.below(3) * 500),
    maxFee: BigInt(random.below(3) * 40),
  }
}

/** A job that was closed is done some epochs later. */
function ageing(known: KnownJob, before: ChargedJob | undefined, random: SeededRandom): ChargedJob {
  const { requester, charged, done } = before ?? { requester: known.requester, charged: 0n, done: false }
  return { requester, charged, done: done || (known.closed && random.chance(0.5)) }
}

/** Charges one of the jobs, and gives how much. */
function charge(jobs: ChargedJob[], { random, jobs: known }: Growing): bigint {
  const place = random.below(jobs.length)
  const [job, facts] = [jobs[place], known[place]]
  if (job === undefined || facts === undefined || job.done || job.charged >= facts.deposit) return 0n
  const wanted = BigInt(1 + random.below(MOST_CHARGED))
  const left = facts.deposit - job.charged
  const spent = wanted < left ? wanted : left
  jobs[place] = { ...job, charged: job.charged + spent }
  return spent
}

function slash(
  before: readonly Slashed[],
  { random, verifiers }: Growing,
): { slashes: readonly Slashed[]; added: bigint } {
  const slashes = verifiers.map(({ operator }, id) => before[id] ?? { operator, amount: 0n })
  const place = random.below(slashes.length)
  const one = slashes[place]
  if (one === undefined || !random.chance(SLASH)) return { slashes, added: 0n }
  const added = BigInt(1 + random.below(MOST_SLASHED))
  slashes[place] = { ...one, amount: one.amount + added }
  return { slashes, added }
}
