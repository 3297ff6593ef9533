// `bench claim`: what it costs to bring a root to the chain and to claim under it: compute units, bytes and rent, of
// the compiled program on litesvm, every instruction as the client sends it.
import {
  type Address,
  associatedTokens,
  type ClaimedLeaf,
  claimCarried,
  claimOwn,
  createAssociatedTokens,
  createJob,
  MAX_TRANSACTION_BYTES,
  openPage,
  PAGE_ENTRIES,
  pageNumberOf,
} from '@piecework/chain'
import { programBytes } from '@piecework/program'
import { ZERO_HASH } from '@piecework/protocol'
import { type Account, accountLeaf, jobLeaf, Ledger, proposalOf } from '../program/books.ts'
import { finish, postInventories, proposeTo, seal, voteAll } from '../program/epochs.ts'
import { ProgramNetwork } from '../program/network.ts'
import { type Receipt, Vm } from '../program/vm.ts'
import { atMost, type Bench, type Measured } from './types.ts'

const SEATS = 64
const STAKE = 1_000_000n
/** Of the claims that have bars. */
const DEPTH = 16
/** The deepest ledger in which a first claim makes the token account in the same transaction. */
const DEEPEST = 17
const PAID = 1_000n
const FEE = 20n
const MAX_FEE = 30n
const DEPOSIT = 10n ** 12n
/** An account for each claimant, as distributors have it: kind, owner, amount. */
const STATUS_BYTES = 47n

const BARS = {
  claimUnits: 6_500,
  claimBytes: 960,
  rent: 60_000,
  postUnits: 30_000,
  sealUnits: 60_000,
  soBytes: 65_536,
}

export const bench: Bench = {
  name: 'claim',
  about: 'Claims, votes, posts and seals of the compiled program: compute units, bytes and rent.',
  run: async () => measure(),
}

interface Costs {
  readonly posts: Receipt
  readonly sealed: Receipt
  readonly votes: Receipt
  readonly claims: Claims
  readonly first: Receipt
  readonly tokenAccountRent: number
  readonly statusAccountRent: number
  readonly rentPerAccount: number
  readonly soBytes: number
}

/** Two epochs of a full network: the first of them with the ledger of the bars, the other with a deeper one. */
function costs(): Costs {
  const network = new ProgramNetwork(new Vm())
  for (let seat = 0; seat < SEATS; seat++) network.join(STAKE)
  network.start()
  const requester = fund(network)
  const posts = largest(postInventories(network, 0))
  const sealed = accepted(seal(network, 0))
  const ledger = claimableLedger(network, DEPTH)
  const votes = largest(settle(network, 0, { ledger: ledger.ledger, requester }))
  const claims = claimsUnder(network, ledger)
  postInventories(network, 1).forEach(accepted)
  accepted(seal(network, 1))
  const deeper = claimableLedger(network, DEEPEST)
  settle(network, 1, { ledger: deeper.ledger, requester })
  const first = firstClaimUnder(network, deeper)
  const tokens = associatedTokens(deeper.wallets[1], network.mint).address
  return {
    posts,
    sealed,
    votes,
    claims,
    first,
    tokenAccountRent: rentOf(network, tokens),
    statusAccountRent: Number(network.vm.svm.minimumBalanceForRentExemption(STATUS_BYTES)),
    rentPerAccount: Math.round(rentOf(network, network.at.page(pageNumberOf(ledger.index))) / PAGE_ENTRIES),
    soBytes: programBytes().length,
  }
}

function measure(): Measured {
  const { posts, sealed, votes, claims, first, ...rest } = costs()
  return {
    figures: {
      ownClaimUnits: claims.own.computeUnits,
      ownClaimBytes: claims.own.bytes,
      carriedClaimUnits: claims.carried.computeUnits,
      carriedWithFeeUnits: claims.withFee.computeUnits,
      carriedWithFeeBytes: claims.withFee.bytes,
      firstClaimUnits: first.computeUnits,
      firstClaimBytes: first.bytes,
      tenVotesUnits: votes.computeUnits,
      tenVotesBytes: votes.bytes,
      sevenPostsUnits: posts.computeUnits,
      sevenPostsBytes: posts.bytes,
      sealUnits: sealed.computeUnits,
      ...rest,
    },
    bars: [
      atMost('claim signed by the wallet, compute units', claims.own.computeUnits, BARS.claimUnits),
      atMost('claim carried, compute units', claims.carried.computeUnits, BARS.claimUnits),
      atMost('claim signed by the wallet, bytes', claims.own.bytes, BARS.claimBytes),
      atMost('first claim at depth 17, bytes', first.bytes, MAX_TRANSACTION_BYTES),
      atMost('rent an account, lamports', rest.rentPerAccount, BARS.rent),
      atMost('10 votes, compute units', votes.computeUnits, BARS.postUnits),
      atMost('7 posts, compute units', posts.computeUnits, BARS.postUnits),
      atMost('seal with 64 verifiers, compute units', sealed.computeUnits, BARS.sealUnits),
      atMost('.so, bytes', rest.soBytes, BARS.soBytes),
    ],
  }
}

function accepted(receipt: Receipt): Receipt {
  if (receipt.refusal !== undefined) throw new Error(`refused: ${receipt.refusal}`)
  return receipt
}

/** The most expensive of several like ones. */
function largest(receipts: readonly Receipt[]): Receipt {
  return receipts.map(accepted).reduce((most, one) => (one.computeUnits > most.computeUnits ? one : most))
}

/** A job with enough deposit for everything, and its requester. */
function fund(network: ProgramNetwork): Address {
  const requester = network.vm.funded()
  const instruction = createJob(network.at, {
    requester,
    requesterTokens: network.tokens(requester, DEPOSIT),
    nonce: 0n,
    deposit: DEPOSIT,
    price: 1n,
    capPrice: 0n,
    tasks: 1,
    maxUnits: 1,
    leaseEpochs: 1,
    workKind: 1,
    rule: 'piece',
    replicas: 1,
    specHash: ZERO_HASH,
    allowRoot: ZERO_HASH,
  })
  network.vm.must([instruction])
  return requester
}

interface Claimable {
  readonly ledger: Ledger
  /** Of the accounts that claim: their owners, at the end of the ledger. */
  readonly wallets: readonly [Address, Address, Address]
  readonly index: number
}

function claimableLedger(network: ProgramNetwork, depth: number): Claimable {
  const nobody = network.vm.address()
  const wallets = [network.vm.funded(), network.vm.address(), network.vm.address()] as const
  const count = 2 ** depth
  const index = count - wallets.length
  const account = (wallet: Address): Account => ({ wallet, amount: PAID, minAmount: 0n, maxFee: MAX_FEE })
  const idle = accountLeaf(account(nobody))
  const leaves = Array.from({ length: count }, (_, at) => {
    const wallet = wallets[at - index]
    return wallet === undefined ? idle : accountLeaf(account(wallet))
  })
  return { ledger: new Ledger(leaves), wallets, index }
}

/** Makes an epoch final with this accounts ledger, and gives the receipts of its votes. */
function settle(
  network: ProgramNetwork,
  number: number,
  { ledger, requester }: { ledger: Ledger; requester: Address },
): Receipt[] {
  const jobs = new Ledger([jobLeaf({ requester, charged: ledger.root.total, done: false })])
  const { refusal } = proposeTo(
    network,
    number,
    proposalOf({ accounts: ledger, jobs, slashes: new Ledger([]) }),
  )
  if (refusal !== undefined) throw new Error(`no proposal: ${refusal}`)
  const votes = voteAll(network, number)
  finish(network, number)
  return votes
}

/** The leaf of the wallet of this place. */
function leafOf(
  network: ProgramNetwork,
  { ledger, index, wallets }: Claimable,
  place: 0 | 1 | 2,
): ClaimedLeaf {
  return {
    rootEpoch: network.state().lastFinal,
    index: index + place,
    wallet: wallets[place],
    amount: PAID,
    minAmount: 0n,
    maxFee: MAX_FEE,
    rest: ZERO_HASH,
    proof: ledger.proof(index + place),
  }
}

interface Claims {
  readonly own: Receipt
  readonly carried: Receipt
  readonly withFee: Receipt
}

function claimsUnder(network: ProgramNetwork, claimable: Claimable): Claims {
  const { vm, at, mint } = network
  const [owner, ...carried] = claimable.wallets
  vm.must([openPage(at, { payer: vm.payer, number: pageNumberOf(claimable.index) })])
  for (const wallet of carried) network.tokens(wallet, 0n, 'associated')
  const feeDestination = network.tokens(vm.payer, 0n)
  const destination = network.tokens(owner, 0n)
  const leaf = (place: 0 | 1 | 2): ClaimedLeaf => leafOf(network, claimable, place)
  return {
    own: vm.must([claimOwn(at, { leaf: leaf(0), mint, destination })], owner),
    carried: vm.must([claimCarried(at, { leaf: leaf(1), mint, fee: 0n })]),
    withFee: vm.must([claimCarried(at, { leaf: leaf(2), mint, fee: FEE, feeDestination })]),
  }
}

/** With the token account of the second wallet, which isn't there yet. */
function firstClaimUnder(network: ProgramNetwork, claimable: Claimable): Receipt {
  const { vm, at, mint } = network
  vm.must([openPage(at, { payer: vm.payer, number: pageNumberOf(claimable.index) })])
  const feeDestination = network.tokens(vm.payer, 0n)
  return vm.must([
    createAssociatedTokens({ payer: vm.payer, wallet: claimable.wallets[1], mint }),
    claimCarried(at, { leaf: leafOf(network, claimable, 1), mint, fee: FEE, feeDestination }),
  ])
}

function rentOf(network: ProgramNetwork, account: Address): number {
  return Number(network.raw(account).lamports)
}
