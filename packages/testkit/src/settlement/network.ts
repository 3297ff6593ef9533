// A network with verifiers that do what they should: the steps of an epoch, one call each, on any chain.
import {
  type Address,
  associatedTokens,
  type Chain,
  type CreateJob,
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
import type { Harness } from './harness.ts'
import { type Ledgers, proposal } from './ledgers.ts'

export const DEPOSIT = 10_000n
export const STAKES: readonly bigint[] = [1_000n, 2_000n, 3_000n]
export const SLOTS_TO_FINALITY = 40
/** As many posts fit a transaction. */
const POSTS_AT_ONCE = 7
/** No test waits for more: a slot further away is one that nobody knows yet. */
const MAX_SLOTS = 100_000

export class TestNetwork {
  readonly harness: Harness
  readonly chain: Chain
  readonly payer: Signer
  /** By the id of the verifier. */
  readonly voteKeys: Signer[] = []
  /** Ids of those who neither post nor vote. */
  readonly silent: Set<number> = new Set()
  readonly #stakes: readonly bigint[]

  constructor(harness: Harness, stakes: readonly bigint[] = STAKES) {
    this.harness = harness
    this.chain = harness.chain
    this.payer = harness.payer
    this.#stakes = stakes
  }

  /** Created, joined by verifiers of these stakes, and started. */
  async begin(params: Params, genesisHash: Uint8Array = new Uint8Array(32).fill(7)): Promise<void> {
    const { creator, mint, nameHash } = this.harness
    const { at } = this.chain
    const network = { creator: creator.address, mint, nameHash, genesisHash, params }
    await this.does([createNetwork(at.programId, network)])
    for (const stake of this.#stakes) await this.does([this.joining(stake)])
    await this.does([start(at, creator.address)])
  }

  /** The next verifier, with a vote key of its own; all are of one operator. */
  joining(stake: bigint): TransactionInstruction {
    const { payer, mint, key } = this.harness
    const id = this.voteKeys.length
    const voteKey = key(`vote key ${id}`)
    this.voteKeys.push(voteKey)
    const operatorTokens = associatedTokens(payer.address, mint).address
    const who = { payer: payer.address, operator: payer.address, voteKey: voteKey.address }
    return joinRoster(this.chain.at, { ...who, operatorTokens, id, stake })
  }

  voteKey(id: number): Address {
    const key = this.voteKeys[id]
    if (key === undefined) throw new Error(`there is no verifier ${id}`)
    return key.address
  }

  /** Sends, paid by the harness's payer and signed by whoever has to. */
  send(instructions: readonly TransactionInstruction[], ...signers: readonly Signer[]): Promise<SendOutcome> {
    const { payer, creator } = this.harness
    const all = [creator, ...this.voteKeys, ...signers]
    return this.harness.during(this.chain.send({ instructions, payer, signers: all }))
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
    const [amount = 0n] = await this.#tokens([associatedTokens(address, this.harness.mint).address])
    return amount
  }

  /** What the vault of deposits and the vault of stakes hold. */
  vaults(): Promise<readonly bigint[]> {
    const { vault, stakeVault } = this.chain.at
    return this.#tokens([vault, stakeVault])
  }

  async #tokens(addresses: readonly Address[]): Promise<readonly bigint[]> {
    const { value } = await this.chain.accounts(addresses)
    return value.map((account) => (account === undefined ? 0n : decodeTokenAccount(account).amount))
  }

  /** Until the open slot is this one or a later one. */
  async until(slot: number): Promise<void> {
    const missing = slot - (await this.chain.accounts([])).slot - 1
    if (!(missing <= MAX_SLOTS)) throw new Error(`nobody knows slot ${slot} yet: a step before has failed`)
    if (missing > 0) await this.harness.tick(missing)
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
    return postHoldings(this.chain.at, { number: 0, job, voteKeys: ids.map((id) => this.voteKey(id)) })
  }

  /** Ids of those who have a seat in the epoch and do their part. */
  async seated(number: number): Promise<readonly number[]> {
    const ids = seatsOf(await this.epoch(number)).map(({ id }) => id)
    return ids.filter((id) => !this.silent.has(id))
  }

  async post(what: 'inventory' | 'commit', number: number): Promise<void> {
    const posts = (await this.seated(number)).map((id) => ({
      voteKey: this.voteKey(id),
      value: posted(what, number, id),
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

  async seal(number: number): Promise<Epoch> {
    await this.until((await this.epoch(number)).target + 2)
    await this.does([sealEpoch(this.chain.at, number)])
    return this.epoch(number)
  }

  async commit(number: number): Promise<void> {
    const { sealedSlot, challenge } = await this.epoch(number)
    await this.until(sealedSlot + challenge)
    await this.post('commit', number)
  }

  /** Up to where the epoch can be proposed. */
  async settle(number: number): Promise<Epoch> {
    await this.postInventories(number)
    await this.seal(number)
    await this.commit(number)
    return this.epoch(number)
  }

  async propose(number: number, ledgers: Ledgers = {}): Promise<Epoch> {
    const epoch = await this.epoch(number)
    const { seed, round } = epoch
    await this.until(epoch.roundFrom)
    const drawn = drawProposer({ seed, round, candidates: seatsOf(epoch) })
    const proposer = this.voteKey(drawn ?? -1)
    await this.does([propose(this.chain.at, { ...proposal({ number, round }, ledgers), proposer })])
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
  }
}

/** What a verifier posts for an epoch. */
export function posted(what: 'inventory' | 'commit', number: number, id: number): Uint8Array {
  const bytes = new Uint8Array(32).fill(what === 'commit' ? 200 : 100)
  return bytes.with(0, number).with(1, id)
}
