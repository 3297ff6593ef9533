// Questions of others: each is read within its limits and time, answered or refused with a sentence.
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { fromHex, toHex } from '@piecework/protocol'
import { raceSignal } from 'race-signal'
import { NetworkError } from '../errors.ts'
import { alreadyTaken, answerBytes, readQuestion, refusalOf } from '../exchange.ts'
import { SLOWEST_BYTES_PER_MS } from '../limits.ts'
import type { Unsubscribe } from '../port.ts'
import type { Protocol } from '../protocols.ts'
import { type Deadline, deadlineOf } from './deadline.ts'
import { type Frames, framesOf, makeRoom } from './frames.ts'
import { keyOf } from './keys.ts'
import type { Names } from './names.ts'
import { Permits } from './permits.ts'
import type { NetworkPorts } from './ports.ts'
import { type Rate, Rates } from './rates.ts'
import { turnAway, writeAnswer, writeBusy, writeRefusal } from './replies.ts'
import type { Release, Taker } from './shares.ts'
import { subnetOf } from './subnets.ts'

/** Streams of one protocol on one connection: twice what a peer may ask at once, so that it hears that it is too much. */
const STREAMS = 32

/** Questions of one peer: twice what an asker of this kind sends, which paces itself. An answer costs some milliseconds. */
const ANSWERED: Rate = { burst: 512, perSecond: 64 }
/** Of a verifier or whom the operator names: it asks for hundreds of nodes at once. */
const ANSWERED_TO_FRIENDS: Rate = { burst: 8192, perSecond: 1024 }

/**
 * For a question's length: the first frame of a stream may have 256 KB, which take 1.4 seconds over the slowest line, and
 * others may be on it.
 */
const LENGTH_MS = 5000
/** For its bytes, beside what they take over the slowest line: a home delivers to several at once. */
const PATIENCE_MS = 10_000
/** For who has no place to hear so. */
const TURNED_AWAY_MS = 1000

/** Of all who come through relays: they have no address of their own. */
const RELAYED = 'relayed'

/** From a question's bytes to its answer's. */
type Answering = (question: Uint8Array, from: Uint8Array) => Promise<Uint8Array>

interface Answered {
  readonly name: string
  readonly maxQuestionBytes: number
  readonly timeoutMs: number
  readonly answering: Answering
}

export interface AnswererParts {
  readonly names: Names
  readonly ports: NetworkPorts
  readonly stopping: AbortSignal
  /** Whether the chain or the operator names this peer. */
  readonly isFriend: (peer: Uint8Array) => boolean
  /** Whether strangers of one subnet have one share of what there is, or each its own. */
  readonly subnetsShare: boolean
}

export class Answerer {
  readonly #names: Names
  readonly #ports: NetworkPorts
  readonly #stopping: AbortSignal
  readonly #isFriend: (peer: Uint8Array) => boolean
  readonly #subnetsShare: boolean
  readonly #rates: Rates
  readonly #answered = new Map<string, Answered>()
  readonly #permits = new Permits()
  readonly #room = makeRoom()
  #libp2p: Libp2p | undefined

  constructor({ names, ports, stopping, isFriend, subnetsShare }: AnswererParts) {
    this.#names = names
    this.#ports = ports
    this.#stopping = stopping
    this.#isFriend = isFriend
    this.#subnetsShare = subnetsShare
    const rateOf = (peer: string): Rate => (isFriend(fromHex(peer)) ? ANSWERED_TO_FRIENDS : ANSWERED)
    this.#rates = new Rates({ time: ports.time, stopping, rateOf })
  }

  /** Before it runs, so that peers learn of all protocols at once. */
  async attach(libp2p: Libp2p): Promise<void> {
    this.#libp2p = libp2p
    await Promise.all([...this.#answered.values()].map((one) => this.#handle(libp2p, one)))
  }

  answer<Question, Answer>(
    protocol: Protocol<Question, Answer>,
    answer: (question: Question, from: Uint8Array) => Promise<Answer>,
  ): Unsubscribe {
    const { name, maxQuestionBytes, timeoutMs } = protocol
    if (this.#answered.has(name)) throw alreadyTaken(name)
    const answering: Answering = async (question, from) =>
      answerBytes(protocol, await answer(readQuestion(protocol, question), from))
    const one = { name, maxQuestionBytes, timeoutMs, answering }
    this.#answered.set(name, one)
    if (this.#libp2p !== undefined) this.#report(this.#handle(this.#libp2p, one), name)
    return () => {
      if (this.#answered.get(name) !== one) return
      this.#answered.delete(name)
      if (this.#libp2p !== undefined) this.#report(this.#libp2p.unhandle(this.#names.protocol(name)), name)
    }
  }

  #report(change: Promise<void>, protocol: string): void {
    change.catch((error) =>
      this.#ports.log?.warn('network-protocol-failed', { protocol, why: String(error) }),
    )
  }

  #handle(libp2p: Libp2p, one: Answered): Promise<void> {
    const handler = (stream: Stream, connection: Connection): void =>
      void this.#serve(one, stream, connection)
    const options = { maxInboundStreams: STREAMS, runOnLimitedConnection: true, force: true } as const
    return libp2p.handle(this.#names.protocol(one.name), handler, options)
  }

  async #serve(one: Answered, stream: Stream, connection: Connection): Promise<void> {
    const asker = this.#askerOf(connection)
    const release = asker.from === undefined ? undefined : this.#permit(asker)
    if (asker.from === undefined || release === undefined) return this.#turnAway(one, stream)
    const take = (bytes: number): Release | undefined => this.#noted('room', this.#room.take(asker, bytes))
    const frames = framesOf(stream, { limit: one.maxQuestionBytes, take })
    const deadline = deadlineOf(this.#ports.time, one.timeoutMs, this.#stopping)
    try {
      this.#count(one, await this.#reply(one, { frames, deadline, from: asker.from }).finally(release))
      await ended(stream, deadline)
    } catch (error) {
      // The way to the asker is broken, or it is too slow: there is nobody to tell.
      const isLate = deadline.isOver() || error instanceof TooSlow
      this.#count(one, isLate ? 'network/timeout' : 'network/unreachable')
      stream.abort(error instanceof Error ? error : new Error(String(error)))
    } finally {
      frames.done()
      deadline.end()
    }
  }

  async #turnAway(one: Answered, stream: Stream): Promise<void> {
    this.#count(one, 'network/busy')
    const deadline = deadlineOf(this.#ports.time, TURNED_AWAY_MS, this.#stopping)
    await turnAway(stream, deadline.signal)
    deadline.end()
  }

  /** A friend has a share of its own; others have that of where they come from, because keys cost nothing. */
  #askerOf({ remotePeer, remoteAddr }: Connection): AskedBy {
    const from = keyOf(remotePeer)
    const peer = from === undefined ? remotePeer.toString() : toHex(from)
    const isFriend = from !== undefined && this.#isFriend(from)
    const isAlone = isFriend || !this.#subnetsShare
    return { from, peer, share: isAlone ? peer : (subnetOf(remoteAddr) ?? RELAYED), isFriend }
  }

  #count({ name }: Answered, outcome: string): void {
    this.#ports.count?.('network_answered_total', { protocol: name, outcome })
  }

  #noted(what: 'places' | 'room', release: Release | undefined): Release | undefined {
    if (release === undefined) this.#ports.count?.('network_full_total', { side: 'answered', what })
    return release
  }

  #permit(asker: AskedBy): Release | undefined {
    const release = this.#noted('places', this.#permits.take(asker))
    if (release === undefined || this.#rates.take(asker.peer)) return release
    release()
    this.#ports.count?.('network_over_rate_total', { what: 'question' })
    return undefined
  }

  /** What became of it. */
  async #reply(one: Answered, { frames, deadline, from }: Asking): Promise<string> {
    const { signal } = deadline
    try {
      const question = await this.#hear(frames, signal)
      const answer = await raceSignal(one.answering(question, from), signal)
      frames.reserve(answer.length)
      await writeAnswer(frames, answer, signal)
      return 'answered'
    } catch (error) {
      if (signal.aborted || error instanceof TooSlow) throw error
      if (frames.isCrowded) await writeBusy(frames, signal)
      else await writeRefusal(frames, refusalOf(error), signal)
      return error instanceof NetworkError ? error.code : 'refused'
    }
  }

  /** Its length is to come soon, and its bytes as quickly as over the slowest line: who is idle keeps a place from others. */
  async #hear(frames: Frames, signal: AbortSignal): Promise<Uint8Array> {
    const { time } = this.#ports
    const late = new AbortController()
    const within = (milliseconds: number): Deadline => {
      const deadline = deadlineOf(time, milliseconds, signal)
      deadline.signal.addEventListener('abort', () => late.abort(), { once: true })
      return deadline
    }
    let deadline = within(LENGTH_MS)
    try {
      return await frames.read(late.signal, (length) => {
        deadline.end()
        deadline = within(PATIENCE_MS + length / SLOWEST_BYTES_PER_MS)
      })
    } catch (error) {
      throw deadline.isOver() ? new TooSlow('its question came too slowly') : error
    } finally {
      deadline.end()
      await frames.hearNoMore()
    }
  }
}

interface AskedBy extends Taker {
  /** Its key; who has one of another sort is let in nowhere, and answered by nobody. */
  readonly from: Uint8Array | undefined
}

interface Asking {
  readonly frames: Frames
  readonly deadline: Deadline
  readonly from: Uint8Array
}

/** There is nobody to tell, as with who is too slow for the whole. */
class TooSlow extends Error {}

/** All is said. The asker may have gone with it already. */
async function ended(stream: Stream, { signal }: Deadline): Promise<void> {
  try {
    await stream.close({ signal })
    await stream.closeRead({ signal })
  } catch {
    stream.abort(new Error('the asker went before its stream was closed'))
  }
}
