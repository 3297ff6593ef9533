// The verifiers as a node sees them: who has a seat, where each is asked, and how much stake says the same.
import { bytesOf, entriesOf, seatsOf, type Time } from '@piecework/chain'
import { fetchByHash, type Network, type Protocol } from '@piecework/network'
import { toHex } from '@piecework/protocol'
import { NodeError } from '../errors.ts'
import type { Moment } from './moment.ts'

export interface Verifier {
  readonly id: number
  /** Its vote key, which is its name in the network too. */
  readonly key: Uint8Array
  readonly stake: bigint
}

export interface Answered<Answer> {
  readonly verifier: Verifier
  readonly answer: Answer
}

export interface VerifiersPorts {
  readonly network: Network
  readonly random: () => number
  readonly time: Time
}

export class Verifiers {
  readonly #ports: VerifiersPorts
  #seated: readonly Verifier[] = []
  /** Everybody in the roster and in the snapshots that are kept, by id. */
  #known = new Map<number, Verifier>()

  constructor(ports: VerifiersPorts) {
    this.#ports = ports
  }

  see({ state: { epochs, roster } }: Moment): void {
    const newest = epochs.findLast(({ seatCount }) => seatCount > 0)
    this.#seated = newest === undefined ? [] : seatsOf(newest).map(verifierOf)
    const all = [...entriesOf(roster), ...epochs.flatMap((epoch) => seatsOf(epoch))].map(verifierOf)
    this.#known = new Map(all.map((one) => [one.id, one]))
  }

  /** Of the newest snapshot. */
  get seated(): readonly Verifier[] {
    return this.#seated
  }

  withId(id: number): Verifier | undefined {
    return this.#known.get(id)
  }

  has(key: Uint8Array): boolean {
    const name = toHex(key)
    return [...this.#known.values()].some((one) => toHex(one.key) === name)
  }

  /** Those that are preferred first, of each part those that are connected, and the rest in a random order. */
  inTurn(prefer: (verifier: Verifier) => boolean = () => true): Verifier[] {
    const connected = new Set(this.#ports.network.peers().map(({ key }) => toHex(key)))
    const keyed = this.#seated.map((verifier) => ({
      verifier,
      place: this.#ports.random() - (connected.has(toHex(verifier.key)) ? 1 : 0) - (prefer(verifier) ? 2 : 0),
    }))
    return keyed.sort((a, b) => a.place - b.place).map(({ verifier }) => verifier)
  }

  /** Asks one after the other until so many have answered, and gives their answers; at least one, or an error. */
  async ask<Question, Answer>(
    protocol: Protocol<Question, Answer>,
    question: Question,
    { answers, accept = () => true, prefer }: Wanted<Answer>,
  ): Promise<readonly Answered<Answer>[]> {
    const got: Answered<Answer>[] = []
    const waiting = this.inTurn(prefer)
    let why = 'nobody has a seat'
    while (got.length < answers && waiting.length > 0) {
      const asked = waiting.splice(0, answers - got.length)
      const heard = await Promise.allSettled(
        asked.map(({ key }) => this.#ports.network.ask(protocol, question, key)),
      )
      for (const [i, one] of heard.entries()) {
        const verifier = asked[i]
        if (verifier === undefined) continue
        if (one.status === 'rejected') why = String(one.reason?.message ?? one.reason)
        else if (accept(one.value)) got.push({ verifier, answer: one.value })
        else why = 'none has what was asked for'
      }
    }
    if (got.length > 0) return got
    throw new NodeError(
      'verifiers/silent',
      `No verifier answers '${protocol.name}' (${why}): it is asked again. Look at the connection if it goes on.`,
      { protocol: protocol.name, why },
    )
  }

  /** By its SHA-256; undefined when nobody who is asked has it now. */
  async content(hash: Uint8Array): Promise<Uint8Array | undefined> {
    const peers = this.inTurn().map(({ key }) => key)
    const { network, time } = this.#ports
    // A task waits for it: who gives a piece now and then would hold it for hours.
    const wait: Time['wait'] = (milliseconds, signal) => time.wait(milliseconds, signal)
    const [bytes] = await fetchByHash({ network, sort: 'content', hashes: [hash], peers, wait })
    return bytes
  }

  /** What verifiers with more than a third of the stake say alike: at least one of them is honest. */
  agreed<T>(said: readonly (Answered<T> | undefined)[], same: (value: T) => string): T | undefined {
    const total = this.#seated.reduce((sum, { stake }) => sum + stake, 0n)
    const votes = new Map<string, { value: T; stake: bigint }>()
    for (const one of said) {
      const seat = this.#seated.find(({ id }) => id === one?.verifier.id)
      if (one === undefined || seat === undefined) continue
      const key = same(one.answer)
      const before = votes.get(key)
      votes.set(key, { value: one.answer, stake: (before?.stake ?? 0n) + seat.stake })
    }
    const most = [...votes.values()].sort((a, b) => (a.stake < b.stake ? 1 : -1))[0]
    return most !== undefined && 3n * most.stake > total ? most.value : undefined
  }

  /** Whether these verifiers hold more than 2/3 of the stake. */
  isQuorum(ids: ReadonlySet<number>): boolean {
    const total = this.#seated.reduce((sum, { stake }) => sum + stake, 0n)
    const held = this.#seated.reduce((sum, { id, stake }) => sum + (ids.has(id) ? stake : 0n), 0n)
    return total > 0n && 3n * held > 2n * total
  }
}

export interface Wanted<Answer> {
  /** How many. */
  readonly answers: number
  readonly accept?: (answer: Answer) => boolean
  /** Who is asked before the others. */
  readonly prefer?: (verifier: Verifier) => boolean
}

function verifierOf({
  id,
  voteKey,
  stake,
}: {
  readonly id: number
  readonly voteKey: Parameters<typeof bytesOf>[0]
  readonly stake: bigint
}): Verifier {
  return { id, key: bytesOf(voteKey), stake }
}
