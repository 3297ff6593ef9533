// A network with one final epoch in which everybody has something: what the attacks begin with.
import {
  type Address,
  applySlash,
  type ClaimedLeaf,
  claimCarried,
  claimOwn,
  closeJob,
  createJob,
  openPage,
  refundJob,
} from '@piecework/chain'
import { ZERO_HASH } from '@piecework/protocol'
import type { TransactionInstruction } from '@solana/web3.js'
import { type Actor, type Actors, makeActors } from './actors.ts'
import { type Books, booksOf, type Entries, proposalOf } from './books.ts'
import { finish, postInventories, proposeTo, seal, voteAll } from './epochs.ts'
import { ProgramNetwork } from './network.ts'
import { PROGRAM_PARAMS } from './params.ts'
import { Vm } from './vm.ts'

const STAKE = 1_000_000n
const FEE = 20n
const SLASHED = 50_000n
/** So many that there is a second page. */
const IDLE_ACCOUNTS = 1_025

export interface StageOptions {
  /** Of the one job, which is closed and done. */
  readonly deposit?: bigint
  readonly charged?: bigint
  /** Of the first wallet, at index 1, and of the second one, at index 2. */
  readonly paid?: readonly [bigint, bigint]
  /** Whether the accounts' pages are there: yes, where it isn't said. */
  readonly page?: boolean
}

export interface Stage {
  readonly network: ProgramNetwork
  readonly actors: Actors
  readonly requester: Actor
  readonly wallet: Actor
  readonly entries: Entries
  readonly books: Books
  /** Under which they are final. */
  readonly rootEpoch: number
}

export function makeStage(options: StageOptions = {}): Stage {
  const { deposit = 100_000n, charged = 40_000n, paid = [10_000n, 5_000n], page = true } = options
  const params = { ...PROGRAM_PARAMS, outflowLimit: 2n ** 64n - 1n }
  const network = new ProgramNetwork(new Vm(), { params })
  const actors = makeActors(network)
  for (let i = 0; i < 3; i++) network.join(STAKE)
  network.start()
  const [requester] = actors.requesters
  const [wallet, second] = actors.wallets
  const [verifier] = network.verifiers
  if (requester === undefined || wallet === undefined || second === undefined || verifier === undefined) {
    throw new Error('everybody is there')
  }
  const funded = { ...requester, tokens: network.tokens(requester.address, deposit) }
  network.vm.must([jobOf(network, funded, { nonce: 1n, deposit })])
  network.vm.must([closeJob(network.at, { requester: requester.address, nonce: 1n })])
  const account = (one: Actor, amount: bigint) => ({
    wallet: one.address,
    amount,
    minAmount: 100n,
    maxFee: 30n,
  })
  const idle = Array.from({ length: IDLE_ACCOUNTS }, () => account(second, 0n))
  const entries: Entries = {
    accounts: [account(actors.carrier, 5n), account(wallet, paid[0]), account(second, paid[1]), ...idle],
    jobs: [{ requester: requester.address, charged, done: true }],
    slashes: [{ operator: verifier.operator, amount: SLASHED }],
    paid: 5n + paid[0] + paid[1],
    charged,
    slashed: SLASHED,
  }
  const books = booksOf(entries)
  settle(network, 0, books)
  for (const number of page ? [0, 1] : []) {
    network.vm.must([openPage(network.at, { payer: network.vm.payer, number })])
  }
  return { network, actors, requester: funded, wallet, entries, books, rootEpoch: 0 }
}

/** Makes an epoch final with these ledgers. */
export function settle(network: ProgramNetwork, number: number, books: Books): void {
  const receipts = [
    ...postInventories(network, number),
    seal(network, number),
    proposeTo(network, number, proposalOf(books)),
    ...voteAll(network, number),
    finish(network, number),
  ]
  const refused = receipts.find(({ refusal }) => refusal !== undefined)
  if (refused !== undefined) throw new Error(`epoch ${number} did not become final: ${refused.refusal}`)
}

export function jobOf(
  { at }: ProgramNetwork,
  requester: Actor,
  { nonce, deposit }: { nonce: bigint; deposit: bigint },
): TransactionInstruction {
  return createJob(at, {
    requester: requester.address,
    requesterTokens: requester.tokens,
    nonce,
    deposit,
    price: 10n,
    capPrice: 0n,
    tasks: 10,
    maxUnits: 5,
    leaseEpochs: 3,
    workKind: 1,
    rule: 'piece',
    replicas: 1,
    specHash: ZERO_HASH,
    allowRoot: ZERO_HASH,
  })
}

export function leafOf({ entries, books, rootEpoch }: Stage, index: number): ClaimedLeaf {
  const account = entries.accounts[index]
  if (account === undefined) throw new Error(`there is no account ${index}`)
  return { ...account, rootEpoch, index, rest: ZERO_HASH, proof: books.accounts.proof(index) }
}

export function ownClaim(stage: Stage): TransactionInstruction {
  const { network, wallet } = stage
  return claimOwn(network.at, { leaf: leafOf(stage, 1), mint: network.mint, destination: wallet.tokens })
}

export function carriedClaim(stage: Stage): TransactionInstruction {
  const { network, actors } = stage
  const feeDestination = actors.carrier.tokens
  return claimCarried(network.at, { leaf: leafOf(stage, 1), mint: network.mint, fee: FEE, feeDestination })
}

export function refundOf(stage: Stage, destination?: Address): TransactionInstruction {
  const { network, requester, entries, books, rootEpoch } = stage
  return refundJob(network.at, {
    requester: requester.address,
    nonce: 1n,
    mint: network.mint,
    rootEpoch,
    amount: entries.jobs[0]?.charged ?? 0n,
    rest: ZERO_HASH,
    proof: books.jobs.proof(0),
    ...(destination === undefined ? {} : { destination }),
  })
}

export function slashOf({ network, books }: Stage): TransactionInstruction {
  const leaf = { amount: SLASHED, detail: ZERO_HASH, proof: books.slashes.proof(0) }
  return applySlash(network.at, { id: 0, mint: network.mint, rootEpoch: 0, ...leaf })
}
