// A network whose verifiers do what they should, one call for each step of an epoch.
import {
  associatedTokens,
  type Chain,
  createJob,
  createNetwork,
  decodeTokenAccount,
  type Entry,
  type Epoch,
  entriesOf,
  finalize,
  joinRoster,
  type Network,
  type Params,
  type ProposeArgs,
  postHoldings,
  postValues,
  present,
  propose,
  read,
  readNetwork,
  type SendOutcome,
  type Signer,
  sealEpoch,
  seatsOf,
  start,
  type TransactionInstruction,
  vote,
  wantEpoch,
} from '@piecework/chain'
import { drawProposer, ZERO_HASH } from '@piecework/protocol'
import { expect } from 'vitest'
import { EMPTY, type Ledger } from './ledgers.ts'
import { keyNamed, type Machine, mint, nameHash, programId, startMachine } from './machine.ts'

export const DEPOSIT = 10_000n
/** As many posts fit a transaction. */
const POSTS_AT_ONCE = 7

export interface Ledgers {
  readonly accounts?: Ledger
  readonly jobs?: Ledger
  readonly slashes?: Ledger
}

export class TestNetwork {
  readonly machine: Machine
  readonly chain: Chain
  readonly payer: Signer
  readonly params: Params
  /** Vote keys, by the id of the verifier. */
  readonly voteKeys: Signer[] = []
  /** Who neither posts nor votes. */
  readonly silent: Set<number> = new Set()

  private constructor(machine: Machine, params: Params) {
    this.machine = machine
    this.chain = machine.chain
    this.payer = machine.payer
    this.params = params
  }

  /** Created, joined by verifiers of these stakes, and started. */
  static async begin(params: Params, stakes: readonly bigint[]): Promise<TestNetwork> {
    const network = new TestNetwork(await startMachine(), params)
    const creator = network.payer.address
    const genesisHash = new Uint8Array(32).fill(7)
    await network.does([createNetwork(programId, { creator, mint, nameHash, genesisHash, params })])
    for (const stake of stakes) await network.does([network.joining(stake)])
    await network.does([start(network.chain.at, creator)])
    return network
  }

  stop(): Promise<void> {
    return this.machine.stop()
  }

  /** Paid by the payer, and signed by whoever has to. */
  send(instructions: readonly TransactionInstruction[], ...signers: readonly Signer[]): Promise<SendOutcome> {
    const all = [...this.voteKeys, ...signers]
    return this.machine.during(this.chain.send({ instructions, payer: this.payer, signers: all }))
  }

  /** Lands, and gives the signature. */
  async does(
    instructions: readonly TransactionInstruction[],
    ...signers: readonly Signer[]
  ): Promise<string> {
    const outcome = await this.send(instructions, ...signers)
    if (outcome.kind === 'landed') return outcome.signature
    throw new Error(outcome.kind === 'expired' ? 'it expired' : `${outcome.kind}: ${outcome.error.message}`)
  }

  /** The program's name for why it does not. */
  async refuses(
    instructions: readonly TransactionInstruction[],
    ...signers: readonly Signer[]
  ): Promise<unknown> {
    const outcome = await this.send(instructions, ...signers)
    return outcome.kind === 'refused' ? outcome.error.context.program : outcome.kind
  }

  joining(stake: bigint): TransactionInstruction {
    const operator = this.payer.address
    const id = this.voteKeys.length
    const voteKey = keyNamed(`vote key ${id}`)
    this.voteKeys.push(voteKey)
    const operatorTokens = associatedTokens(operator, mint).address
    const who = { payer: operator, operator, voteKey: voteKey.address, operatorTokens }
    return joinRoster(this.chain.at, { ...who, id, stake })
  }

  async state(): Promise<Network> {
    return (await readNetwork(this.chain)).value.network
  }

  async roster(): Promise<readonly Entry[]> {
    return entriesOf((await readNetwork(this.chain)).value.roster)
  }

  async epoch(number: number): Promise<Epoch> {
    const { at } = this.chain
    const { value } = await read(this.chain, { epoch: wantEpoch(at, number) })
    return present(value.epoch, 'epoch account', at.epoch(number))
  }

  async balance({ address }: Signer): Promise<bigint> {
    const [account] = (await this.chain.accounts([associatedTokens(address, mint).address])).value
    return account === undefined ? 0n : decodeTokenAccount(account).amount
  }

  async vaults(): Promise<readonly bigint[]> {
    const { at } = this.chain
    const { value } = await this.chain.accounts([at.vault, at.stakeVault])
    return value.map((account) => (account === undefined ? 0n : decodeTokenAccount(account).amount))
  }

  /** Until the open slot is this one or a later one. */
  async until(slot: number): Promise<void> {
    if (!Number.isFinite(slot)) throw new Error('nobody knows that slot yet: a step before has failed')
    const open = (await this.chain.accounts([])).slot + 1
    if (slot > open) await this.machine.tick(slot - open)
  }

  job(nonce: bigint): TransactionInstruction {
    const requester = this.payer.address
    return createJob(this.chain.at, {
      requester,
      requesterTokens: associatedTokens(requester, mint).address,
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
    })
  }

  holding(nonce: bigint, ...ids: readonly number[]): TransactionInstruction {
    const job = this.chain.at.job(this.payer.address, nonce)
    return postHoldings(this.chain.at, { number: 0, job, voteKeys: ids.map((id) => this.voteKey(id)) })
  }

  voteKey(id: number): Signer['address'] {
    const key = this.voteKeys[id]
    if (key === undefined) throw new Error(`there is no verifier ${id}`)
    return key.address
  }

  /** Ids of those who have a seat in the epoch and do their part. */
  async seated(number: number): Promise<readonly number[]> {
    return seatsOf(await this.epoch(number))
      .map(({ id }) => id)
      .filter((id) => !this.silent.has(id))
  }

  async post(what: 'inventory' | 'commit', number: number): Promise<void> {
    const posts = (await this.seated(number)).map((id) => ({
      voteKey: this.voteKey(id),
      value: new Uint8Array(32)
        .fill(what === 'commit' ? 200 : 100)
        .with(0, number)
        .with(1, id),
    }))
    for (let first = 0; first < posts.length; first += POSTS_AT_ONCE) {
      const some = posts.slice(first, first + POSTS_AT_ONCE)
      await this.does([postValues(this.chain.at, { what, number, posts: some })])
    }
  }

  async postInventories(number: number): Promise<void> {
    await this.until((await this.epoch(number)).endsAt)
    await this.post('inventory', number)
  }

  async seal(number: number): Promise<void> {
    await this.until((await this.epoch(number)).target + 2)
    await this.does([sealEpoch(this.chain.at, number)])
    const { sealedSlot, challenge } = await this.epoch(number)
    await this.until(sealedSlot + challenge)
    await this.post('commit', number)
  }

  /** Up to where it can be proposed. */
  async settle(number: number): Promise<void> {
    await this.postInventories(number)
    await this.seal(number)
  }

  async propose(number: number, ledgers: Ledgers = {}): Promise<Epoch> {
    const epoch = await this.epoch(number)
    const { round, seed } = epoch
    await this.until(epoch.roundFrom)
    const drawn = drawProposer({ seed, round, candidates: seatsOf(epoch) })
    const proposer = this.voteKey(drawn ?? -1)
    await this.does([propose(this.chain.at, { ...proposal(number, round, ledgers), proposer })])
    return this.epoch(number)
  }

  /** All of them in one transaction, whose signature it gives. */
  async vote(number: number, ids: readonly number[]): Promise<string> {
    const { attestation } = (await this.epoch(number)).candidate
    const voteKeys = ids.map((id) => this.voteKey(id))
    return this.does([vote(this.chain.at, { number, attestation, voteKeys })])
  }

  async finalize(number: number): Promise<void> {
    const { votedSlot, dispute } = await this.epoch(number)
    await this.until(votedSlot + dispute)
    await this.does([finalize(this.chain.at, number)])
  }

  /** From a settled epoch to its final roots. */
  async agree(number: number, ledgers: Ledgers = {}): Promise<void> {
    await this.propose(number, ledgers)
    await this.vote(number, await this.seated(number))
    await this.finalize(number)
    expect((await this.state()).lastFinal).toBe(number)
  }
}

export function proposal(number: number, round: number, ledgers: Ledgers): ProposeArgs {
  const { accounts = EMPTY, jobs = EMPTY, slashes = EMPTY } = ledgers
  return {
    number,
    round,
    factsHash: new Uint8Array(32).fill(21),
    inputsRoot: new Uint8Array(32).fill(22),
    accounts: accounts.root,
    jobs: jobs.root,
    slashes: slashes.root,
    nodesRoot: new Uint8Array(32).fill(23),
    workforceRoot: new Uint8Array(32).fill(24),
    stateHash: new Uint8Array(32).fill(25),
  }
}
