// Intake: takes in what nodes gossip while their epoch's intake is open. A batch is on disk before it is passed on,
// acknowledged or listed.
import type { Log } from '@piecework/api'
import { paramsOf, type Unsubscribe } from '@piecework/chain'
import type { Network, Received, RuleId } from '@piecework/network'
import {
  type Added,
  CHAIN_BATCHES,
  compareBytes,
  type EnrolmentInput,
  type Evidence,
  enrolmentCodec,
  equalBytes,
  evidenceCodec,
  type HeldBatch,
  leadingZeroBits,
  readBatch,
  readEnrolment,
  splitEnrolment,
  stampHash,
  toHex,
  verifySignature,
  ZERO_HASH,
} from '@piecework/protocol'
import type { Store } from '@piecework/store'
import type { EpochWork } from './common/epoch-work.ts'
import type { Epochs } from './common/epochs.ts'
import { type Moment, sealedEpochs, takenEpochs } from './common/moment.ts'
import type { Nodes } from './common/nodes.ts'
import { readOrNothing } from './common/read-or-nothing.ts'
import type { States } from './common/states.ts'

/** Writes under way at once: a few seconds of a disk that syncs slowly. Further messages are let go, and come again. */
const WRITES_AT_ONCE = 1_024
/** Enrolments that wait to enter: as many as sixteen epochs let in. */
const WAITING_TIMES = 16
/** One that has not entered after so many epochs is forgotten: its node publishes it again. */
const WAITING_EPOCHS = 8

export interface IntakePorts {
  readonly networkId: Uint8Array
  readonly network: Network
  readonly store: Store
  readonly epochs: Epochs
  readonly nodes: Nodes
  readonly states: States
  readonly log: Log
}

interface WaitingEnrolment {
  readonly signed: Uint8Array
  readonly input: EnrolmentInput
  readonly since: number
}

export class Intake {
  readonly #ports: IntakePorts
  readonly #enrolments = new Map<string, WaitingEnrolment>()
  #moment: Moment | undefined
  #writing = 0

  constructor(ports: IntakePorts) {
    this.#ports = ports
  }

  start(): Unsubscribe {
    const { network } = this.#ports
    const ends = [
      network.subscribe('batches', (message) => this.judgeBatch(message)),
      network.subscribe('enrolments', async (message) => this.#judgeEnrolment(message)),
    ]
    return () => {
      for (const end of ends) end()
    }
  }

  /** Opens the intake of epochs that have begun, with what is on disk from before a restart. */
  async see(moment: Moment): Promise<undefined> {
    const { epochs, states } = this.#ports
    // Without a state no node is known, and all that is on disk would be refused.
    if (states.newest === undefined) return
    for (const number of [...takenEpochs(moment), ...sealedEpochs(moment).map((epoch) => epoch.number)]) {
      // Shared only when it is whole: stages would list and acknowledge what was read so far, and go on with that after
      // an error. Until then it is tried in every slot.
      if (epochs.get(number) === undefined) epochs.add(await this.#reload(epochs.make(number)))
    }
    for (const work of epochs.all()) {
      for (const pair of [...work.unproven.values()]) await this.#denounce(work, pair)
    }
    this.#moment = moment
    this.#forget()
  }

  /** Those that the next inventory lists, with their hashes. */
  waiting(): ReadonlyMap<string, Uint8Array> {
    return new Map([...this.#enrolments].map(([name, { signed }]) => [name, signed]))
  }

  async #reload(work: EpochWork): Promise<EpochWork> {
    for await (const signed of this.#ports.store.batches.in(work.number)) {
      const added = work.chains.add(signed)
      if (added.status === 'accepted') hold(work, added.batches)
    }
    for await (const { epoch, evidence } of this.#ports.store.evidence.since(work.number)) {
      if (epoch > work.number) break
      accuse(work, evidenceCodec.decode(evidence))
    }
    return work
  }

  async judgeBatch({ bytes }: Received): Promise<RuleId> {
    const batch = readOrNothing(() => readBatch(bytes))
    if (batch === undefined) return 'malformed'
    if (!equalBytes(batch.networkId, this.#ports.networkId)) return 'wrong-network'
    const work = this.#ports.epochs.get(batch.epoch)
    if (work === undefined) return this.#isPast(batch.epoch) ? 'too-old' : 'too-early'
    if (work.closed || !this.#isOpen(batch.epoch)) return 'too-old'
    if (this.#ports.nodes.indexOf(batch.nodeKey) === undefined) return 'unknown-node'
    if (batch.seq >= CHAIN_BATCHES) return 'too-many'
    if (this.#writing >= WRITES_AT_ONCE) return 'busy'
    return this.#take(work, batch, work.chains.take(batch))
  }

  async #take(work: EpochWork, { nodeKey, seq }: HeldBatch, added: Added): Promise<RuleId> {
    if (added.status === 'waiting') return 'waiting'
    if (added.status === 'duplicate') {
      const isOwed = work.unwritten.has(toHex(nodeKey))
      return isOwed ? this.#write(work, unwritten(work, nodeKey)) : 'duplicate'
    }
    if (added.status === 'equivocation') return this.#denounce(work, added.batches)
    if (added.status === 'accepted') return this.#write(work, added.batches)
    if (added.code === 'signature/invalid') return 'bad-signature'
    if (added.code === 'batch/equivocation') {
      const owed = work.unproven.get(toHex(nodeKey))
      return owed === undefined ? 'already-failed' : this.#denounce(work, owed)
    }
    const length = work.chains.chainOf(nodeKey)?.batches.length ?? 0
    return seq > length ? 'too-far-ahead' : 'broken-chain'
  }

  /** What could not be written is taken when it comes again. */
  async #write(work: EpochWork, batches: readonly HeldBatch[]): Promise<RuleId> {
    if (batches.length === 0) return 'duplicate'
    this.#writing += 1
    try {
      await this.#ports.store.batches.put(batches)
    } catch (error) {
      for (const { nodeKey } of batches) work.unwritten.add(toHex(nodeKey))
      this.#ports.log.error('batches-not-written', { epoch: work.number, error })
      return 'busy'
    } finally {
      this.#writing -= 1
    }
    hold(work, batches)
    return 'sound'
  }

  /** What could not be written is tried again in every slot, and with every further batch of this node. */
  async #denounce(work: EpochWork, pair: readonly [HeldBatch, HeldBatch]): Promise<RuleId> {
    const [first, second] = pair
    const evidence = {
      what: 'equivocation',
      first: first.signed,
      second: second.signed,
      row: 0,
      salt: ZERO_HASH,
      output: new Uint8Array(),
    } as const
    const { store, log } = this.#ports
    const { epoch, nodeKey } = first
    try {
      await store.evidence.put({ epoch, nodeKey, evidence: evidenceCodec.encode(evidence) })
    } catch (error) {
      work.unproven.set(toHex(nodeKey), pair)
      log.error('evidence-not-written', { epoch, node: nodeKey, error })
      return 'busy'
    }
    work.unproven.delete(toHex(nodeKey))
    accuse(work, evidence)
    log.warn('equivocation', { epoch, node: nodeKey, seq: first.seq })
    return 'equivocation'
  }

  #judgeEnrolment({ bytes }: Received): RuleId {
    const moment = this.#moment
    const state = this.#ports.states.newest
    if (moment === undefined || state === undefined) return 'too-early'
    const { networkId, nodes } = this.#ports
    const message = readOrNothing(() => splitEnrolment(bytes).message)
    const enrolment = message && readOrNothing(() => enrolmentCodec.decode(message))
    if (message === undefined || enrolment === undefined) return 'malformed'
    if (!equalBytes(enrolment.networkId, networkId)) return 'wrong-network'
    const params = paramsOf(moment.state.network, moment.state.network.nextSeal)
    if (leadingZeroBits(stampHash(networkId, message)) < params.stampBits) return 'weak-stamp'
    const known = state.nodes[nodes.indexOf(enrolment.nodeKey) ?? state.nodes.length]
    if (known !== undefined && known.nonce >= enrolment.nonce) return 'duplicate'
    const stamp = stampHash(networkId, message)
    const weakest = this.#enrolments.size < WAITING_TIMES * params.maxEnrolments ? undefined : this.#weakest()
    if (weakest !== undefined && compareBytes(stamp, weakest.input.stampHash) >= 0) return 'too-many'
    const context = { networkId, stampBits: params.stampBits, verify: verifySignature }
    const input = readOrNothing(() => readEnrolment(bytes, context))
    if (input === undefined) return 'bad-signature'
    const name = toHex(input.hash)
    if (this.#enrolments.has(name)) return 'duplicate'
    if (weakest !== undefined) this.#enrolments.delete(toHex(weakest.input.hash))
    this.#enrolments.set(name, { signed: bytes, input, since: state.epoch })
    return 'sound'
  }

  /** It goes first where there is no more room, as it would enter last: cheap stamps keep nobody out. */
  #weakest(): WaitingEnrolment | undefined {
    const worse = (a: WaitingEnrolment, b: WaitingEnrolment): WaitingEnrolment =>
      compareBytes(a.input.stampHash, b.input.stampHash) > 0 ? a : b
    const [first, ...rest] = this.#enrolments.values()
    return first === undefined ? undefined : rest.reduce(worse, first)
  }

  /** What has entered, or was overtaken, is no news any more. */
  #forget(): void {
    const { states, nodes } = this.#ports
    const state = states.newest
    if (state === undefined) return
    for (const [name, { input, since }] of this.#enrolments) {
      const known = state.nodes[nodes.indexOf(input.enrolment.nodeKey) ?? state.nodes.length]
      const isOver = known !== undefined && known.nonce >= input.enrolment.nonce
      if (isOver || since + WAITING_EPOCHS < state.epoch) this.#enrolments.delete(name)
    }
  }

  #isOpen(number: number): boolean {
    return this.#moment !== undefined && takenEpochs(this.#moment).includes(number)
  }

  #isPast(number: number): boolean {
    return this.#moment !== undefined && number < this.#moment.state.network.nextSeal
  }
}

/** Of a node's chain: those that came, and are not on disk. */
function unwritten({ chains, batches }: EpochWork, nodeKey: Uint8Array): readonly HeldBatch[] {
  const all = chains.chainOf(nodeKey)?.batches ?? []
  return all.filter(({ hash }) => !batches.has(toHex(hash)))
}

/** Its two batches are data like all others: once for each node is enough. */
function accuse({ evidence: known, batches }: EpochWork, evidence: Evidence): void {
  const pair = [readBatch(evidence.first), readBatch(evidence.second)]
  for (const batch of pair) batches.set(toHex(batch.hash), batch)
  const accused = new Set(known.map(({ first }) => toHex(readBatch(first).nodeKey)))
  if (pair.every(({ nodeKey }) => !accused.has(toHex(nodeKey)))) known.push(evidence)
}

/** On disk: listed and acknowledged from now on, unless the inventory was made meanwhile. */
function hold(work: EpochWork, batches: readonly HeldBatch[]): void {
  for (const batch of batches) {
    work.batches.set(toHex(batch.hash), batch)
    const name = toHex(batch.nodeKey)
    if (work.closed) continue
    if ((work.heads.get(name)?.seq ?? -1) < batch.seq) work.heads.set(name, batch)
  }
}
