// A network with verifiers that do what they should: the steps of an epoch, one call each, by any Chain.
import { drawProposer, ZERO_HASH } from '@piecework/protocol'
import { expect } from 'vitest'
import {
  type Address,
  associatedTokens,
  type Chain,
  type CreateJob,
  createJob,
  createNetwork,
  decodeTokenAccount,
  type Epoch,
  finalize,
  joinRoster,
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
/** As many posts fit a transaction. */
const POSTS_AT_ONCE = 7

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
  readonly verifiers: Signer[] = []
  /** Who neither posts nor votes any more. */
  readonly silent: Set<Address> = new Set()
  readonly #stakes: readonly bigint[]

  constructor(harness: Harness, stakes: readonly bigint[] = STAKES) {
    this.harness = harness
    this.chain = harness.chain
    this.#stakes = stakes
  }

  async begin(params: Params): Promise<void> {
    const { creator, mint, nameHash } = this.harness
    const genesisHash = new Uint8Array(32).fill(7)
    const { at } = this.chain
    const network = { creator: creator.address, mint, nameHash, genesisHash, params }
    await this.does([createNetwork(at.programId, network)])
    for (const stake of this.#stakes) await this.does([this.joining(stake)])
    await this.does([start(at, creator.address)])
  }

  /** The next verifier, with a vote key of its own. */
  joining(stake: bigint): TransactionInstruction {
    const { payer, mint, key } = this.harness
    const id = this.verifiers.length
    const voteKey = key(`vote key ${id}`)
    this.verifiers.push(voteKey)
    const operatorTokens = associatedTokens(payer.address, mint).address
    const who = { payer: payer.address, operator: payer.address, voteKey: voteKey.address }
    return joinRoster(this.chain.at, { ...who, operatorTokens, id, stake })
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
    const posts = this.active.map(({ address }, id) => ({
      voteKey: address,
      value: posted(what, number, id),
    }))
    for (let first = 0; first < posts.length; first += POSTS_AT_ONCE) {
      const some = posts.slice(first, first + POSTS_AT_ONCE)
      await this.does([postValues(this.chain.at, { what, number, posts: some })])
    }
  }

  /** Those who began the network, and do what they should. */
  get active(): readonly Signer[] {
    return this.verifiers.slice(0, this.#stakes.length).filter(({ address }) => !this.silent.has(address))
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
    await this.vote(args.number, this.active)
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
