// detail.json: the details of leaves, which the chain's program takes apart: an account's terms, a job's end.
import { equal } from 'node:assert/strict'
import { fromHex, toHex } from '../../packages/protocol/src/bytes.ts'
import { accountDetail, jobDetail } from '../../packages/protocol/src/ledger.ts'
import type { VectorFile } from './lib/file.ts'
import { someBytes, someU64 } from './lib/random.ts'

interface AccountEntry {
  readonly name: string
  readonly ledger: 'accounts'
  readonly minAmount: string
  readonly maxFee: string
  readonly rest: string
  readonly detail: string
}

interface JobEntry {
  readonly name: string
  readonly ledger: 'jobs'
  readonly done: boolean
  readonly rest: string
  readonly detail: string
}

type DetailEntry = AccountEntry | JobEntry

/** What a detail is not computed from. */
type Outcome = 'name' | 'detail'

const U64_MAX = 2n ** 64n - 1n
const ZEROS = '00'.repeat(32)

function detailOf(entry: Omit<AccountEntry, Outcome> | Omit<JobEntry, Outcome>): string {
  const rest = fromHex(entry.rest)
  if (entry.ledger === 'jobs') return toHex(jobDetail(entry.done, rest))
  return toHex(accountDetail({ minAmount: BigInt(entry.minAmount), maxFee: BigInt(entry.maxFee), rest }))
}

function account(name: string, terms: readonly [bigint, bigint], rest: string): AccountEntry {
  const [minAmount, maxFee] = terms.map(String)
  const fields = { ledger: 'accounts', minAmount: `${minAmount}`, maxFee: `${maxFee}`, rest } as const
  return { name, ...fields, detail: detailOf(fields) }
}

function job(name: string, done: boolean, rest: string): JobEntry {
  return { name, ledger: 'jobs', done, rest, detail: detailOf({ ledger: 'jobs', done, rest }) }
}

export const vectors: VectorFile<DetailEntry> = {
  name: 'detail',
  generate: () => [
    account('account of zeros', [0n, 0n], ZEROS),
    account('account of the greatest terms', [U64_MAX, U64_MAX - 1n], 'ff'.repeat(32)),
    account('account', [someU64('least amount'), someU64('fee')], toHex(someBytes('account rest'))),
    job('job that is not done, rest of zeros', false, ZEROS),
    job('job that is done, rest of zeros', true, ZEROS),
    job('job that is done', true, toHex(someBytes('job rest'))),
  ],
  check: (entry) => equal(detailOf(entry), entry.detail),
}
