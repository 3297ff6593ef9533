// The three ledgers of a state: the cumulative numbers, with an owner each, that are all the chain ever needs.
import { HASH_BYTES, ZERO_HASH } from '../hash.ts'
import { accountDetails, hashLeaves, jobDetail } from '../ledger.ts'
import type { OwnerRecord, State } from './state.ts'

export interface Ledger {
  /** 32 bytes each. */
  readonly leaves: Uint8Array
  readonly count: number
  /** Sum of the amounts. */
  readonly total: bigint
}

export interface Ledgers {
  readonly accounts: Ledger
  readonly jobs: Ledger
  readonly slashes: Ledger
}

export function ledgersOf(state: State): Ledgers {
  return { accounts: accountsLedger(state), jobs: jobsLedger(state), slashes: slashesLedger(state) }
}

function accountsLedger({ accounts, owners }: State): Ledger {
  const minAmounts = new BigUint64Array(accounts.length)
  const maxFees = new BigUint64Array(accounts.length)
  const wallets = accounts.map(({ owner }, i) => {
    const known: OwnerRecord | undefined = owners[owner]
    minAmounts[i] = known?.minAmount ?? 0n
    maxFees[i] = known?.maxFee ?? 0n
    return known?.wallet ?? ZERO_HASH
  })
  const amounts = accounts.map(({ released }) => released)
  return ledger({ amounts, owners: wallets, details: accountDetails({ minAmounts, maxFees }) })
}

function jobsLedger({ jobs }: State): Ledger {
  const open = jobDetail(false, ZERO_HASH)
  const done = jobDetail(true, ZERO_HASH)
  return ledger({
    amounts: jobs.map(({ charged }) => charged),
    owners: jobs.map(({ job }) => job.requester),
    details: column(jobs.map((job) => (job.done ? done : open))),
  })
}

function slashesLedger({ verifiers }: State): Ledger {
  return ledger({
    amounts: verifiers.map(({ slashed }) => slashed),
    owners: verifiers.map(({ operator }) => operator),
    details: new Uint8Array(verifiers.length * HASH_BYTES),
  })
}

interface LedgerColumns {
  readonly amounts: readonly bigint[]
  readonly owners: readonly Uint8Array[]
  readonly details: Uint8Array
}

function ledger({ amounts, owners, details }: LedgerColumns): Ledger {
  const sums = new BigUint64Array(amounts.length)
  for (let i = 0; i < sums.length; i++) sums[i] = amounts[i] ?? 0n
  return {
    leaves: hashLeaves({ amounts: sums, owners: column(owners), details }),
    count: amounts.length,
    total: amounts.reduce((sum, amount) => sum + amount, 0n),
  }
}

function column(hashes: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * HASH_BYTES)
  for (let i = 0; i < hashes.length; i++) bytes.set(hashes[i] ?? ZERO_HASH, i * HASH_BYTES)
  return bytes
}
