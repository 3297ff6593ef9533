// The three ledgers with the proofs of their leaves, and proposals made of them.
import { bytesOf, type LedgerRoot, type ProposeArgs, type Signer } from '@piecework/chain'
import { type AccountDetail, accountDetail, jobDetail, leafHash, Tree, ZERO_HASH } from '@piecework/protocol'

export interface Ledger {
  readonly ledger: LedgerRoot
  readonly proof: (index: number) => Uint8Array[]
}

interface Owed {
  readonly owner: Uint8Array
  readonly amount: bigint
  readonly detail: Uint8Array
}

function ledgerOf(leaves: readonly Owed[]): Ledger {
  const hashes = leaves.map((leaf, index) => leafHash({ ...leaf, index }))
  const tree = new Tree(new Uint8Array(Buffer.concat(hashes)))
  const total = leaves.reduce((sum, { amount }) => sum + amount, 0n)
  return { ledger: { root: tree.root, count: leaves.length, total }, proof: (index) => tree.proof(index) }
}

export const NO_LEDGER: Ledger = ledgerOf([])

/** What every wallet here allows who carries its claims. */
export const TERMS: AccountDetail = { minAmount: 100n, maxFee: 50n, rest: new Uint8Array(32).fill(5) }
export const ACCOUNT_DETAIL: Uint8Array = accountDetail(TERMS)
export const SLASH_DETAIL: Uint8Array = new Uint8Array(32).fill(9)
export const JOB_REST: Uint8Array = new Uint8Array(32).fill(6)

export interface OwedTo {
  readonly wallet: Signer
  readonly amount: bigint
}

/** Account 0 is the commons, which has nothing yet; then the wallets, from 1 on. */
export function accountsLedger(owed: readonly OwedTo[]): Ledger {
  const detail = ACCOUNT_DETAIL
  const commons = { owner: ZERO_HASH, amount: 0n, detail }
  return ledgerOf([
    commons,
    ...owed.map(({ wallet, amount }) => ({ owner: bytesOf(wallet.address), amount, detail })),
  ])
}

/** The only job of this requester. */
export function jobsLedger(requester: Signer, charged: bigint, done = false): Ledger {
  return ledgerOf([{ owner: bytesOf(requester.address), amount: charged, detail: jobDetail(done, JOB_REST) }])
}

/** What verifiers were ever slashed, by id; all are of one operator. */
export function slashesLedger(operator: Signer, amounts: readonly bigint[]): Ledger {
  return ledgerOf(
    amounts.map((amount) => ({ owner: bytesOf(operator.address), amount, detail: SLASH_DETAIL })),
  )
}

export interface Ledgers {
  readonly accounts?: Ledger
  readonly jobs?: Ledger
  readonly slashes?: Ledger
}

export function proposal(
  { number, round }: { readonly number: number; readonly round: number },
  { accounts = NO_LEDGER, jobs = NO_LEDGER, slashes = NO_LEDGER }: Ledgers = {},
): ProposeArgs {
  return {
    number,
    round,
    factsHash: new Uint8Array(32).fill(21),
    inputsRoot: new Uint8Array(32).fill(22),
    accounts: accounts.ledger,
    jobs: jobs.ledger,
    slashes: slashes.ledger,
    nodesRoot: new Uint8Array(32).fill(23),
    workforceRoot: new Uint8Array(32).fill(24),
    stateHash: new Uint8Array(32).fill(25),
  }
}
