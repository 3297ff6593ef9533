// The three ledgers as verifiers keep them, with proofs.
import { type Address, bytesOf, type LedgerRoot, type Propose } from '@piecework/chain'
import { accountDetail, hashLeaves, jobDetail, Tree, ZERO_HASH } from '@piecework/protocol'

export interface Leaf {
  readonly owner: Address
  readonly amount: bigint
  readonly detail: Uint8Array
}

export class Ledger {
  readonly leaves: readonly Leaf[]
  readonly root: LedgerRoot
  readonly #tree: Tree

  /** `total`: what it says that it sums up to. */
  constructor(leaves: readonly Leaf[], total: bigint = sumOf(leaves)) {
    const owners = new Uint8Array(32 * leaves.length)
    const details = new Uint8Array(32 * leaves.length)
    const bytes = new Map<Address, Uint8Array>()
    for (const [at, { owner, detail }] of leaves.entries()) {
      const key = bytes.get(owner) ?? bytesOf(owner)
      bytes.set(owner, key)
      owners.set(key, 32 * at)
      details.set(detail, 32 * at)
    }
    const amounts = BigUint64Array.from(leaves, ({ amount }) => amount)
    this.leaves = leaves
    this.#tree = new Tree(hashLeaves({ amounts, owners, details }))
    this.root = { root: this.#tree.root, count: leaves.length, total }
  }

  proof(index: number): readonly Uint8Array[] {
    return this.#tree.proof(index)
  }
}

function sumOf(leaves: readonly Leaf[]): bigint {
  return leaves.reduce((sum, { amount }) => sum + amount, 0n)
}

export interface Account {
  readonly wallet: Address
  readonly amount: bigint
  readonly minAmount: bigint
  readonly maxFee: bigint
}

export function accountLeaf({ wallet, amount, minAmount, maxFee }: Account): Leaf {
  return { owner: wallet, amount, detail: detailOf(minAmount, maxFee) }
}

const details = new Map<string, Uint8Array>()

/** Runs hash the same few again and again. */
function detailOf(minAmount: bigint, maxFee: bigint): Uint8Array {
  const key = `${minAmount} ${maxFee}`
  const detail = details.get(key) ?? accountDetail({ minAmount, maxFee, rest: ZERO_HASH })
  details.set(key, detail)
  return detail
}

export interface ChargedJob {
  readonly requester: Address
  readonly charged: bigint
  readonly done: boolean
}

export function jobLeaf({ requester, charged, done }: ChargedJob): Leaf {
  return { owner: requester, amount: charged, detail: jobDetail(done, ZERO_HASH) }
}

export interface Slashed {
  readonly operator: Address
  readonly amount: bigint
}

export function slashLeaf({ operator, amount }: Slashed): Leaf {
  return { owner: operator, amount, detail: ZERO_HASH }
}

/** What the ledgers say, before they are hashed. The totals may lie. */
export interface Entries {
  readonly accounts: readonly Account[]
  readonly jobs: readonly ChargedJob[]
  readonly slashes: readonly Slashed[]
  readonly paid: bigint
  readonly charged: bigint
  readonly slashed: bigint
}

export const NO_ENTRIES: Entries = { accounts: [], jobs: [], slashes: [], paid: 0n, charged: 0n, slashed: 0n }

export interface Books {
  readonly accounts: Ledger
  readonly jobs: Ledger
  readonly slashes: Ledger
}

export function booksOf({ accounts, jobs, slashes, paid, charged, slashed }: Entries): Books {
  return {
    accounts: new Ledger(accounts.map(accountLeaf), paid),
    jobs: new Ledger(jobs.map(jobLeaf), charged),
    slashes: new Ledger(slashes.map(slashLeaf), slashed),
  }
}

export type Proposal = Omit<Propose, 'proposer' | 'number' | 'round'>

/** What the chain makes nothing of stays zero. */
export function proposalOf({ accounts, jobs, slashes }: Books): Proposal {
  return {
    factsHash: ZERO_HASH,
    inputsRoot: ZERO_HASH,
    accounts: accounts.root,
    jobs: jobs.root,
    slashes: slashes.root,
    nodesRoot: ZERO_HASH,
    workforceRoot: ZERO_HASH,
    stateHash: ZERO_HASH,
  }
}
