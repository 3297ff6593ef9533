// A network with verifiers that do what they should: the steps of an epoch, one call each, by any Chain.
import {
  type AccountDetail,
  accountDetail,
  drawProposer,
  jobDetail,
  leafHash,
  Tree,
  ZERO_HASH,
} from '@piecework/protocol'
import { expect } from 'vitest'
import {
  associatedTokens,
  bytesOf,
  type Chain,
  type CreateJob,
  createJob,
  createNetwork,
  decodeTokenAccount,
  type Epoch,
  finalize,
  joinRoster,
  type LedgerRoot,
  type Params,
  type ProposeArgs,
  postHoldings,
  postValues,
  present,
  propose,
  read,
  type SendOutcome,
  type Signer,
  sealEpoch,
  seatsOf,
  start,
  type TransactionInstruction,
  vote,
  wantEpoch,
} from '../../src/index.ts'
import type { Harness } from '../contract.ts'
import { localParams } from './params.ts'

export const DEPOSIT = 10_000n
const SLOTS_TO_FINALITY = 40

/** Long enough for clients that send over a network while slots pass. */
export const LONG_PHASES: Params = localParams({
  length: 600,
  grace: 10,
  inventory: 40,
  margin: 10,
  challenge: 40,
  commit: 60,
  reveal: 20,
  round: 60,
  dispute: 20,
  maturity: 0,
})

export const STAKES: readonly bigint[] = [1_000n, 2_000n, 3_000n]

export class TestNetwork {
  readonly harness: Harness
  readonly chain: Chain
  readonly verifiers: readonly Signer[]

  constructor(harness: Harness) {
    this.harness = harness
    this.chain = harness.chain
    this.verifiers = STAKES.map((_, id) => harness.key(`vote key ${id}`))
  }

  async begin(params: Params): Promise<void> {
    const { creator, payer, mint, nameHash } = this.harness
    const genesisHash = new Uint8Array(32).fill(7)
    const { at } = this.chain
    const network = { creator: creator.address, mint, nameHash, genesisHash, params }
    await this.does([createNetwork(at.programId, network)])
    const operatorTokens = associatedTokens(payer.address, mint).address
    for (const [id, stake] of STAKES.entries()) {
      const voteKey = this.verifiers[id]?.address ?? payer.address
      const who = { payer: payer.address, operator: payer.address, voteKey }
      await this.does([joinRoster(at, { ...who, operatorTokens, id, stake })])
    }
    await this.does([start(at, creator.address)])
  }

  /** Sends, paid by the harness's payer and signed by whoever has to. */
  send(instructions: readonly TransactionInstruction[], ...signers: readonly Signer[]): Promise<SendOutcome> {
    const { payer, creator } = this.harness
    const all = [creator, ...this.verifiers, ...signers]
    return this.harness.during(this.chain.send({ instructions, payer, signers: all }))
  }

  async does(instructions: readonly TransactionInstruction[], ...signers: readonly Signer[]): Promise<void> {
    const outcome = await this.send(instructions, ...signers)
    expect(outcome.kind === 'refused' ? outcome.error.message : outcome.kind).toBe('landed')
  }

  /** The program's name for why it does not. */
  async refuses(
    instructions: readonly TransactionInstruction[],
    ...signers: readonly Signer[]
  ): Promise<unknown> {
    const outcome = await this.send(instructions, ...signers)
    return outcome.kind === 'refused' ? outcome.error.context.program : outcome.kind
  }

  async epoch(number: number): Promise<Epoch> {
    const { at } = this.chain
    const { value } = await read(this.chain, { epoch: wantEpoch(at, number) })
    return present(value.epoch, 'epoch account', at.epoch(number))
  }

  /** Until the open slot is this one or a later one. */
  async until(slot: number): Promise<void> {
    const now = (await this.chain.accounts([])).slot + 1
    if (slot > now) await this.harness.tick(slot - now)
  }

  async postAll(what: 'inventory' | 'commit', number: number): Promise<void> {
    const posts = this.verifiers.map(({ address }, id) => ({
      voteKey: address,
      value: posted(what, number, id),
    }))
    await this.does([postValues(this.chain.at, { what, number, posts })])
  }

  async seal(number: number): Promise<Epoch> {
    await this.until((await this.epoch(number)).target + 2)
    await this.does([sealEpoch(this.chain.at, number)])
    return this.epoch(number)
  }

  async commit(number: number): Promise<void> {
    const { sealedSlot, challenge } = await this.epoch(number)
    await this.until(sealedSlot + challenge)
    await this.postAll('commit', number)
  }

  /** Up to where the epoch can be proposed. */
  async settle(number: number): Promise<Epoch> {
    await this.until((await this.epoch(number)).endsAt)
    await this.postAll('inventory', number)
    await this.seal(number)
    await this.commit(number)
    return this.epoch(number)
  }

  /** From there to its final roots. */
  async agree(args: ProposeArgs): Promise<void> {
    await this.propose(args)
    await this.vote(args.number, this.verifiers)
    await this.finalize(args.number)
  }

  /** Until what was posted last can be read as final. */
  async untilFacts({ sealedSlot, challenge, commit }: Epoch): Promise<void> {
    await this.until(sealedSlot + challenge + commit + SLOTS_TO_FINALITY)
  }

  job(nonce: bigint, changed: Partial<CreateJob> = {}): TransactionInstruction {
    const { payer, mint } = this.harness
    return createJob(this.chain.at, {
      requester: payer.address,
      requesterTokens: associatedTokens(payer.address, mint).address,
      nonce,
      deposit: DEPOSIT,
      price: 10n,
      capPrice: 0n,
      tasks: 100,
      maxUnits: 3,
      leaseEpochs: 2,
      workKind: 1,
      rule: 'piece',
      replicas: 1,
      specHash: new Uint8Array(32).fill(8),
      allowRoot: ZERO_HASH,
      ...changed,
    })
  }

  holding(nonce: bigint, ...ids: readonly number[]): TransactionInstruction {
    const job = this.chain.at.job(this.harness.payer.address, nonce)
    const voteKeys = ids.map((id) => this.verifiers[id]?.address ?? this.harness.payer.address)
    return postHoldings(this.chain.at, { number: 0, job, voteKeys })
  }

  async balance(wallet: Signer): Promise<bigint> {
    const { address } = associatedTokens(wallet.address, this.harness.mint)
    const [account] = (await this.chain.accounts([address])).value
    return account === undefined ? 0n : decodeTokenAccount(account).amount
  }

  async propose(proposal: ProposeArgs): Promise<Epoch> {
    const { number, round } = proposal
    const epoch = await this.epoch(number)
    await this.until(epoch.roundFrom)
    const drawn = drawProposer({ seed: epoch.seed, round, candidates: seatsOf(epoch) })
    const proposer = this.verifiers[drawn ?? -1]?.address ?? this.harness.payer.address
    await this.does([propose(this.chain.at, { ...proposal, proposer })])
    return this.epoch(number)
  }

  async vote(number: number, voters: readonly Signer[]): Promise<void> {
    const { candidate } = await this.epoch(number)
    const voteKeys = voters.map(({ address }) => address)
    await this.does([vote(this.chain.at, { number, attestation: candidate.attestation, voteKeys })])
  }

  async finalize(number: number): Promise<void> {
    const { votedSlot, dispute } = await this.epoch(number)
    await this.until(votedSlot + dispute)
    await this.does([finalize(this.chain.at, number)])
  }
}

export function posted(what: string, number: number, id: number): Uint8Array {
  const bytes = new Uint8Array(32).fill(what === 'commit' ? 200 : 100)
  return bytes.with(0, number).with(1, id)
}

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

export function proposal(
  number: number,
  { accounts, jobs }: { accounts: Ledger; jobs: Ledger },
): ProposeArgs {
  return {
    number,
    round: 0,
    factsHash: new Uint8Array(32).fill(21),
    inputsRoot: new Uint8Array(32).fill(22),
    accounts: accounts.ledger,
    jobs: jobs.ledger,
    slashes: { root: ZERO_HASH, count: 0, total: 0n },
    nodesRoot: new Uint8Array(32).fill(23),
    workforceRoot: new Uint8Array(32).fill(24),
    stateHash: new Uint8Array(32).fill(25),
  }
}
