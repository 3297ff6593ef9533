// Ledgers with their proofs, and proposals made of them.
import { type AccountDetail, accountDetail, jobDetail, leafHash, Tree, ZERO_HASH } from '@piecework/protocol'
import { bytesOf, type LedgerRoot, type ProposeArgs, type Signer } from '../../src/index.ts'

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

export const TERMS: AccountDetail = { minAmount: 100n, maxFee: 50n, rest: new Uint8Array(32).fill(5) }
export const SLASH_DETAIL: Uint8Array = new Uint8Array(32).fill(9)
export const JOB_REST: Uint8Array = new Uint8Array(32).fill(6)

/** The commons, and wallets with what they are owed. */
export function accountsLedger(
  owed: readonly { readonly wallet: Signer; readonly amount: bigint }[],
): Ledger {
  const detail = accountDetail(TERMS)
  const commons = { owner: ZERO_HASH, amount: 0n, detail }
  return ledgerOf([
    commons,
    ...owed.map(({ wallet, amount }) => ({ owner: bytesOf(wallet.address), amount, detail })),
  ])
}

export function jobsLedger(requester: Signer, charged: bigint, done: boolean): Ledger {
  return ledgerOf([{ owner: bytesOf(requester.address), amount: charged, detail: jobDetail(done, JOB_REST) }])
}

/** What verifiers were ever slashed, by id; all are of one operator. */
export function slashesLedger(operator: Signer, amounts: readonly bigint[]): Ledger {
  return ledgerOf(
    amounts.map((amount) => ({ owner: bytesOf(operator.address), amount, detail: SLASH_DETAIL })),
  )
}

export interface Ledgers {
  readonly accounts: Ledger
  readonly jobs: Ledger
  readonly slashes?: Ledger
}

export function proposal(number: number, { accounts, jobs, slashes = NO_LEDGER }: Ledgers): ProposeArgs {
  return {
    number,
    round: 0,
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
