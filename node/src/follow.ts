// Follow: asks verifiers what became of this node's work: acknowledgements within seconds, outcomes with their reasons
// when an epoch is settled. What more than a third of the stake says alike counts; what is decided is let go.
import type { Log, Rested } from '@piecework/api'
import { paramsOf } from '@piecework/chain'
import { type NodeStanding, protocols, type StatusAnswer, type StintResult } from '@piecework/network'
import {
  type Ack,
  ackCodec,
  equalBytes,
  messageHash,
  ProtocolError,
  splitSigned,
  verifySignature,
} from '@piecework/protocol'
import { type Store, u64Setting } from '@piecework/store'
import { acknowledgedSeq } from './common/acknowledged.ts'
import { type Moment, slotsBetween, workingEpoch } from './common/moment.ts'
import type { Answered, Verifier, Verifiers } from './common/verifiers.ts'
import type { Word } from './common/word.ts'
import type { Head } from './publish.ts'

const OLDEST = u64Setting('node/oldest')
/** Asked at once, while batches wait for their acknowledgements: two thirds of the largest roster in five rounds. */
const ASKED_FOR_ACKS = 12
/** Asked at once otherwise: results come once an epoch. */
const ASKED = 3
/** Decided epochs whose results are asked for again, so that there is something to show after a start. */
const SHOWN_EPOCHS = 20
/** Batches are small, and prove for a day what was done: as many epochs as a stint can be carried. */
const KEPT_RECEIPTS = 288

export interface FollowPorts {
  readonly networkId: Uint8Array
  readonly nodeKey: Uint8Array
  readonly verifiers: Verifiers
  readonly store: Pick<Store, 'receipts' | 'acks' | 'guard' | 'settings'>
  readonly log: Log
  /** Verifiers with more than 2/3 of the stake hold the chain up to here. */
  readonly acknowledged: (head: Pick<Head, 'epoch' | 'seq'>) => void
  readonly pass: (word: Word) => void
}

/** What the stages before wait for. */
export interface Wanting {
  /** Newest batches that are to be acknowledged. */
  readonly heads: readonly Head[]
  /** The first epoch whose outputs are still to be signed for, or may be once more. */
  readonly keptFrom: number
}

export class Follow {
  readonly #ports: FollowPorts
  /** The newest answer of each. */
  readonly #said = new Map<number, Answered<StatusAnswer>>()
  /** Verifiers whose acknowledgement was none; said once. */
  readonly #liars = new Set<number>()
  #word: Word | undefined
  #oldest: number | undefined
  #askedAt = -Infinity

  constructor(ports: FollowPorts) {
    this.#ports = ports
  }

  async see(moment: Moment, { heads, keptFrom }: Wanting): Promise<Rested> {
    if (moment.slot < this.#askedAt + slotsBetween(moment)) return 'rested'
    this.#askedAt = moment.slot
    const oldest = await this.oldest(moment)
    const from = Math.max(0, Math.min(oldest, moment.state.network.lastFinal - SHOWN_EPOCHS))
    const { verifiers, nodeKey } = this.#ports
    const most = heads.length > 0 ? ASKED_FOR_ACKS : ASKED
    const answers = Math.min(most, verifiers.seated.length)
    // Whoever was heard longest ago, or never, comes first.
    const recent = [...this.#said.keys()].slice(-Math.floor(verifiers.seated.length / 2))
    const prefer = ({ id }: Verifier): boolean => !recent.includes(id)
    const heard = await verifiers.ask(protocols.status, { nodeKey, from }, { answers, prefer })
    for (const one of heard) this.#hear(one)
    for (const { verifier, answer } of heard) {
      for (const signed of answer.acks) await this.#keepAck({ verifier, signed }, heads)
    }
    for (const head of heads) await this.#settleHead(head)
    await this.#conclude(moment, keptFrom)
    return undefined
  }

  /** The first epoch whose outputs are still kept. A node that begins has nothing older than now. */
  async oldest(moment: Moment): Promise<number> {
    if (this.#oldest !== undefined) return this.#oldest
    const { settings } = this.#ports.store
    const stored = await settings.get(OLDEST)
    this.#oldest = stored === undefined ? (workingEpoch(moment)?.number ?? 0) : Number(stored)
    if (stored === undefined) await settings.set(OLDEST, BigInt(this.#oldest))
    return this.#oldest
  }

  /** In the order in which they were heard. */
  #hear(one: Answered<StatusAnswer>): void {
    this.#said.delete(one.verifier.id)
    this.#said.set(one.verifier.id, one)
  }

  /** Of what was signed here and waits for it: others would fill the disk with epochs that never come. */
  async #keepAck({ verifier, signed }: SignedAck, heads: readonly Head[]): Promise<void> {
    const { networkId, nodeKey, store, log } = this.#ports
    const ack = readAck(signed, { networkId, nodeKey, verifier })
    if (ack !== undefined) {
      const { epoch, seq } = ack
      if (!heads.some((head) => head.epoch === epoch && seq <= head.seq)) return
      await store.acks.put({ epoch, nodeKey, verifierId: verifier.id, seq, signed })
    } else if (!this.#liars.has(verifier.id)) {
      this.#liars.add(verifier.id)
      log.warn('false-acknowledgement', { verifier: verifier.id })
    }
  }

  async #settleHead({ epoch }: Head): Promise<void> {
    const { store, nodeKey, verifiers, acknowledged } = this.#ports
    const seq = await acknowledgedSeq(store.acks, verifiers, { epoch, nodeKey })
    if (seq >= 0) acknowledged({ epoch, seq })
  }

  async #conclude(moment: Moment, keptFrom: number): Promise<void> {
    const epoch = this.#agreed(({ epoch }) => epoch)
    if (epoch === undefined) return
    const standing = this.#agreed<NodeStanding | null>((answer) => answer.standing ?? null)
    const word: Word = {
      epoch: Math.max(epoch, this.#word?.epoch ?? -1),
      standing: standing === undefined ? this.#word?.standing : (standing ?? undefined),
      results: this.#results(),
    }
    this.#word = word
    this.#ports.pass(word)
    await this.#letGo(word, { moment, keptFrom })
  }

  #agreed<T>(of: (answer: StatusAnswer) => T): T | undefined {
    const values = [...this.#said.values()].map(({ verifier, answer }) => ({ verifier, answer: of(answer) }))
    return this.#ports.verifiers.agreed(values, textOf)
  }

  #results(): StintResult[] {
    const said = [...this.#said.values()]
    const epochs = new Set(said.flatMap(({ answer }) => answer.results.map(({ epoch }) => epoch)))
    return [...epochs]
      .sort((a, b) => a - b)
      .flatMap((epoch) => {
        const ofEpoch = said.flatMap(({ verifier, answer }) => {
          const result = answer.results.find((one) => one.epoch === epoch)
          return result === undefined ? [] : [{ verifier, answer: result }]
        })
        const agreed = this.#ports.verifiers.agreed(ofEpoch, textOf)
        return agreed === undefined ? [] : [agreed]
      })
  }

  /** Outputs up to the first stint that isn't decided, and batches some time later. */
  async #letGo({ epoch }: Word, { moment, keptFrom }: Letting): Promise<void> {
    const { receipts, acks, guard, settings } = this.#ports.store
    // Even if only one says so: letting go too early would cost the bond.
    const carried = [...this.#said.values()]
      .flatMap(({ answer }) => answer.results)
      .filter(({ outcome }) => outcome === 'carried')
      .map((result) => result.epoch)
    // By then it is decided, whoever says what.
    const atLeast = epoch - 2 * paramsOf(moment.state.network, epoch).carryEpochs
    const oldest = Math.max(Math.min(epoch + 1, keptFrom, ...carried), atLeast)
    if (this.#oldest !== undefined && oldest <= this.#oldest) return
    await settings.set(OLDEST, BigInt(oldest))
    this.#oldest = oldest
    await receipts.pruneOpenings(oldest)
    const forgotten = Math.max(0, oldest - KEPT_RECEIPTS)
    await receipts.prune(forgotten)
    await acks.prune(forgotten)
    await guard.prune(forgotten)
  }
}

interface Letting {
  readonly moment: Moment
  readonly keptFrom: number
}

interface SignedAck {
  readonly verifier: Verifier
  readonly signed: Uint8Array
}

interface AckContext {
  readonly networkId: Uint8Array
  readonly nodeKey: Uint8Array
  readonly verifier: Verifier
}

/** Undefined for what isn't its verifier's word about this node. */
function readAck(signed: Uint8Array, { networkId, nodeKey, verifier }: AckContext): Ack | undefined {
  try {
    const { signature, message } = splitSigned(signed)
    const ack = ackCodec.decode(message)
    const isOurs = equalBytes(ack.nodeKey, nodeKey) && equalBytes(ack.networkId, networkId)
    const hash = messageHash('pw/ack', networkId, message)
    const isSigned = ack.verifierId === verifier.id && verifySignature(verifier.key, hash, signature)
    return isOurs && isSigned ? ack : undefined
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? `${one}n` : one))
}
