// Own questions: dial, ask, read the answer, each within the protocol's limits and time.
import type { Libp2p, PeerId, Stream } from '@libp2p/interface'
import { fromHex, toHex } from '@piecework/protocol'
import { NetworkError } from '../errors.ts'
import { type Asked, askedOf, failures, questionBytes, readAnswer } from '../exchange.ts'
import { REFUSAL_BYTES } from '../limits.ts'
import type { Until } from '../port.ts'
import type { Protocol } from '../protocols.ts'
import { type Deadline, deadlineOf } from './deadline.ts'
import { withoutPeer } from './dialable.ts'
import { failureOf } from './failure.ts'
import { framesOf, makeRoom } from './frames.ts'
import { peerIdOf } from './keys.ts'
import type { KnownHubs } from './known-hubs.ts'
import type { Names } from './names.ts'
import { Permits } from './permits.ts'
import type { NetworkPorts } from './ports.ts'
import { type Rate, Rates } from './rates.ts'
import { readReply } from './replies.ts'
import type { Release, Taker } from './shares.ts'

/** Own questions to one peer: three quarters of what it answers to anybody, so that none is lost to two clocks that differ. */
const ASKED: Rate = { burst: 256, perSecond: 48 }
/** Where both are verifiers. */
const ASKED_OF_FRIENDS: Rate = { burst: 4096, perSecond: 768 }

/** Own questions that wait for their turn: past them it is a fault of who asks. */
const WAITING = 4096

export interface AskerParts {
  readonly libp2p: Libp2p
  readonly names: Names
  readonly known: Pick<KnownHubs, 'get'>
  readonly ports: NetworkPorts
  readonly stopping: AbortSignal
  /** Whether the chain or the operator names this peer. */
  readonly isFriend: (peer: Uint8Array) => boolean
  /** Whether the chain names both this peer and that one. */
  readonly areFriends: (peer: Uint8Array) => boolean
}

export class Asker {
  readonly #parts: AskerParts
  readonly #permits = new Permits()
  readonly #room = makeRoom()
  /** Questions that wait for their turn. */
  #waiting = 0
  readonly #rates: Rates

  constructor(parts: AskerParts) {
    this.#parts = parts
    const { ports, stopping, areFriends } = parts
    const rateOf = (peer: string): Rate => (areFriends(fromHex(peer)) ? ASKED_OF_FRIENDS : ASKED)
    this.#rates = new Rates({ time: ports.time, stopping, rateOf })
  }

  async ask<Question, Answer>(
    protocol: Protocol<Question, Answer>,
    question: Question,
    to: Uint8Array | Until,
  ): Promise<Answer> {
    const asked = askedOf(protocol.name, to)
    try {
      const bytes = questionBytes(protocol, question)
      const answer = readAnswer(protocol, await this.#exchange(protocol, { bytes, asked }))
      this.#count(asked, 'answered')
      return answer
    } catch (error) {
      if (error instanceof NetworkError) this.#count(asked, error.code)
      throw error
    }
  }

  #count({ protocol }: Asked, outcome: string): void {
    this.#parts.ports.count?.('network_asked_total', { protocol, outcome })
  }

  async #exchange<Question, Answer>(
    protocol: Protocol<Question, Answer>,
    { bytes, asked }: { readonly bytes: Uint8Array; readonly asked: Asked },
  ): Promise<Uint8Array> {
    const { ports, stopping, isFriend } = this.#parts
    if (stopping.aborted) throw failures.stopped(asked)
    const { signal = stopping } = asked
    const deadline = deadlineOf(ports.time, protocol.timeoutMs, AbortSignal.any([stopping, signal]))
    const peer = toHex(asked.peer)
    const taker = { peer, share: peer, isFriend: isFriend(asked.peer) }
    const release = await this.#turn(taker, deadline.signal)
    try {
      if (release === undefined && !deadline.signal.aborted)
        throw failures.busy(asked, 'too many questions wait for their turn here')
      deadline.signal.throwIfAborted()
      return await this.#talk(protocol, { bytes, asked, deadline, taker })
    } catch (error) {
      throw failureOf(error, { asked, deadline, stopping })
    } finally {
      release?.()
      deadline.end()
    }
  }

  /** Undefined when too many wait for theirs, or the signal is aborted first. */
  async #turn(taker: Taker, signal: AbortSignal): Promise<Release | undefined> {
    const isPaced = this.#rates.take(taker.peer)
    const release = isPaced ? this.#permits.take(taker) : undefined
    if (release !== undefined || this.#waiting >= WAITING) return release
    this.#waiting++
    try {
      // The rate first: who waits for it holds up nobody who asks others.
      if (!isPaced) await this.#rates.wait(taker.peer, signal)
      return await this.#permits.wait(taker, signal)
    } finally {
      this.#waiting--
    }
  }

  async #talk<Question, Answer>(
    protocol: Protocol<Question, Answer>,
    { bytes, asked, deadline, taker }: Talk,
  ): Promise<Uint8Array> {
    const { libp2p, names, ports } = this.#parts
    const { signal } = deadline
    const peer = peerIdOf(asked.peer)
    await this.#tellWhere(peer)
    const stream = await libp2p.dialProtocol(peer, names.protocol(protocol.name), {
      signal,
      runOnLimitedConnection: true,
    })
    // A refusal may be longer than any answer; answers are held to their own limit when they are read.
    const limit = Math.max(protocol.maxAnswerBytes, REFUSAL_BYTES)
    const take = (length: number): Release | undefined => {
      const release = this.#room.take(taker, length)
      if (release === undefined) ports.count?.('network_full_total', { side: 'asked', what: 'room' })
      return release
    }
    const frames = framesOf(stream, { limit, take })
    try {
      // A peer may refuse before it has read all: what it says counts, whether writing ends or not.
      void frames.write(bytes, signal).then(
        () => stream.close({ signal }).catch(() => undefined),
        () => undefined,
      )
      return await readReply(frames, { asked, signal })
    } finally {
      frames.done()
      end(stream)
    }
  }

  /** libp2p dials where it knows a peer to be: what hubs signed comes to it here, or it would ask the DHT. */
  async #tellWhere(peer: PeerId): Promise<void> {
    const { libp2p, known } = this.#parts
    const addresses = known.get(peer.toString())?.addresses
    if (addresses === undefined || libp2p.getConnections(peer).length > 0) return
    await libp2p.peerStore.merge(peer, { multiaddrs: addresses.map((one) => withoutPeer(one)) })
  }
}

interface Talk {
  readonly bytes: Uint8Array
  readonly asked: Asked
  readonly deadline: Deadline
  readonly taker: Taker
}

/** Nothing more is wanted of it. */
function end(stream: Stream): void {
  if (stream.status === 'open') stream.abort(new Error('the question has its answer, or needs none any more'))
}
