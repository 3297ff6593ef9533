// The three ledgers that a proposal commits to, each with the proofs of its leaves.

import { bytesOf, type LedgerRoot, type Signer } from '@piecework/chain'
import { type AccountDetail, accountDetail, jobDetail, leafHash, Tree, ZERO_HASH } from '@piecework/protocol'

export interface Ledger {
  readonly root: LedgerRoot
  readonly proof: (index: number) => Uint8Array[]
}

interface Leaf {
  readonly owner: Uint8Array
  readonly amount: bigint
  readonly detail: Uint8Array
}

export interface Owed {
  readonly wallet: Signer
  readonly amount: bigint
}

/** What every wallet here allows who carries its claims. */
export const TERMS: AccountDetail = { minAmount: 100n, maxFee: 50n, rest: new Uint8Array(32).fill(5) }
export const ACCOUNT_DETAIL: Uint8Array = accountDetail(TERMS)
export const JOB_REST: Uint8Array = new Uint8Array(32).fill(6)
export const SLASH_DETAIL: Uint8Array = new Uint8Array(32).fill(9)

function ledgerOf(leaves: readonly Leaf[]): Ledger {
  const hashes = leaves.map((leaf, index) => leafHash({ ...leaf, index }))
  const tree = new Tree(new Uint8Array(Buffer.concat(hashes)))
  const total = leaves.reduce((sum, { amount }) => sum + amount, 0n)
  return { root: { root: tree.root, count: leaves.length, total }, proof: (index) => tree.proof(index) }
}

/** Account 0 is the commons, which has nothing yet; then the wallets, from 1 on. */
export function accounts(...owed: readonly Owed[]): Ledger {
  const commons = { owner: ZERO_HASH, amount: 0n, detail: ACCOUNT_DETAIL }
  const wallets = owed.map(({ wallet, amount }) => ({ ...commons, owner: bytesOf(wallet.address), amount }))
  return ledgerOf([commons, ...wallets])
}

/** The only job of this requester. */
export function jobs(requester: Signer, charged: bigint, done = false): Ledger {
  const detail = jobDetail(done, JOB_REST)
  return ledgerOf([{ owner: bytesOf(requester.address), amount: charged, detail }])
}

/** What verifiers were ever slashed, by id. */
export function slashes(operator: Signer, amounts: readonly bigint[]): Ledger {
  const owner = bytesOf(operator.address)
  return ledgerOf(amounts.map((amount) => ({ owner, amount, detail: SLASH_DETAIL })))
}

export const EMPTY: Ledger = ledgerOf([])
