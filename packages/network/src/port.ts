// The network as the daemons see it: messages that spread, questions to one peer, and who is there. A peer is named by
// its ed25519 key of 32 bytes: a node's own key, a verifier's vote key, a settler's key. So whoever reads a vote key
// from the chain can ask that verifier, and the connection itself proves that it is the one who answers.
import type { Link, TakeLink } from './link.ts'
import type { Protocol } from './protocols.ts'
import type { RuleId, Topic } from './topics.ts'

export type Unsubscribe = () => void

export interface Received {
  readonly bytes: Uint8Array
  /** Who passed it on: not who made it. */
  readonly from: Uint8Array
}

export interface Peer {
  readonly key: Uint8Array
  readonly addresses: readonly string[]
  /** Names of the protocols that it answers. */
  readonly answers: readonly string[]
}

/** A peer that is asked until the signal is aborted: who no longer waits gives the place of his question to others. */
export interface Until {
  readonly peer: Uint8Array
  readonly signal: AbortSignal
}

export interface Network {
  /** Own key. */
  readonly self: Uint8Array
  start(): Promise<void>
  /** Stopping twice is stopping once. */
  stop(): Promise<void>
  /** Where others can dial this one; empty for a home that only dials out. */
  addresses(): readonly string[]
  /** Who is connected. */
  peers(): readonly Peer[]
  /** Called for everybody who is connected now, and with each that comes or whose protocols become known. */
  onPeer(listener: (peer: Peer) => void): Unsubscribe
  /**
   * Resolves when at least one peer has taken the message, and tries again until then; rejects with
   * `network/nobody-listens` at the deadline. What was published and lost later has to be published again by the caller.
   */
  publish(topic: Topic, message: Uint8Array): Promise<void>
  /** `judge` names the rule that applies to a message; by the table of rules it is then passed on, dropped, or held against its sender. */
  subscribe(topic: Topic, judge: (message: Received) => Promise<RuleId>): Unsubscribe
  /**
   * Dials the peer if there is no connection. Rejects with a NetworkError: no way there, refused, too long, out of time,
   * given up.
   */
  ask<Question, Answer>(
    protocol: Protocol<Question, Answer>,
    question: Question,
    to: Uint8Array | Until,
  ): Promise<Answer>
  /** An error that `answer` throws reaches the asker as `network/refused` with its sentence. */
  answer<Question, Answer>(
    protocol: Protocol<Question, Answer>,
    answer: (question: Question, from: Uint8Array) => Promise<Answer>,
  ): Unsubscribe
  /**
   * A way for bytes to this peer, which is closed after so many milliseconds: over a connection that is there, never
   * through a relay, and one at a time to each peer. Rejects as `ask` does; when the link breaks, so does what is sent or
   * read on it.
   */
  openLink(peer: Uint8Array, wallMs: number): Promise<Link>
  /** `take` is given each link that a peer opens, one at a time of each; when it is done, the link is closed. */
  takeLinks(take: TakeLink): Unsubscribe
}
