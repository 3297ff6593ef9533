// Who asks for something long, and peers that give it, or do something else.
import {
  type DataAnswer,
  DataAnswers,
  type FetchByHash,
  fetchByHash,
  type Network,
  type NetworkError,
  PIECE_BYTES,
  type PieceAnswer,
  type PieceQuestion,
  protocols,
} from '@piecework/network'
import { equalBytes } from '@piecework/protocol'
import { MemoryNetworks } from '@piecework/testkit'
import { LONG, PIECES, sha256 } from './long.ts'
import { Mailbox } from './mailbox.ts'
import { secretOf } from './peers.ts'

const HASH = sha256(LONG)

/** What a peer makes of an honest answer. */
export type Twist = (answer: PieceAnswer, question: PieceQuestion) => PieceAnswer | Promise<PieceAnswer>

/** All that it says fits this length, and nothing of it is true. */
export interface OfLength {
  readonly longBytes: number
}
export const honest: Twist = (answer) => answer
export const breaking = (): Promise<never> => Promise.reject(new Error('its disk is gone'))

/** Only a part of it is false, and only in the middle. */
export const lying: Twist = ({ wholeBytes, bytes }, { at }) => {
  const changed = bytes.slice()
  if (at === 4 * PIECE_BYTES) changed[5] = (changed[5] ?? 0) ^ 1
  return { wholeBytes, bytes: changed }
}

const zeros =
  ({ longBytes }: OfLength): Twist =>
  (_, { at, bytes }) => ({
    wholeBytes: longBytes,
    bytes: new Uint8Array(Math.max(0, Math.min(bytes, longBytes - at))),
  })

export class Scene {
  readonly networks: MemoryNetworks = new MemoryNetworks()
  readonly network: Network = this.networks.join(secretOf(0))
  readonly peers: Uint8Array[] = []
  /** Of each peer the questions that came to it, and of those the ones that it answered. */
  readonly asked: PieceQuestion[][] = []
  readonly answered: PieceQuestion[][] = []
  /** Where each piece begins that came. */
  readonly came: Mailbox<number> = new Mailbox<number>()
  readonly failures: { readonly peer: number; readonly code: string }[] = []

  /** What peers say of its length when they are asked for the whole, by their numbers; others say the truth. */
  readonly announced: Map<number, number> = new Map()
  /** What befalls a question for a piece before it is asked. */
  failing: () => NetworkError | undefined = () => undefined

  async start(...servers: readonly (Twist | OfLength)[]): Promise<this> {
    await this.network.start()
    for (const [i, one] of servers.entries()) {
      const twist = typeof one === 'function' ? one : zeros(one)
      const server = this.networks.join(secretOf(i + 1))
      const [asked, answered]: [PieceQuestion[], PieceQuestion[]] = [[], []]
      this.asked.push(asked)
      this.answered.push(answered)
      this.peers.push(server.self)
      const answers = new DataAnswers(async (_, hash) => (equalBytes(hash, HASH) ? LONG : undefined))
      server.answer(protocols.data, async (question) =>
        typeof one === 'function' ? this.#announce(i, await answers.data(question)) : { found: [one] },
      )
      server.answer(protocols.piece, async (question) => {
        asked.push(question)
        const answer = await twist(await answers.piece(question), question)
        answered.push(question)
        return answer
      })
      await server.start()
    }
    return this
  }

  #announce(peer: number, answer: DataAnswer): DataAnswer {
    const longBytes = this.announced.get(peer)
    return longBytes === undefined ? answer : { found: [{ longBytes }] }
  }

  async fetch(
    options: Partial<Pick<FetchByHash, 'mostBytes' | 'wait'>> = {},
  ): Promise<Uint8Array | undefined> {
    const [bytes] = await fetchByHash({
      ...options,
      network: { ask: (...asked) => this.#ask(...asked) },
      sort: 'content',
      hashes: [HASH],
      peers: this.peers,
      onFailure: (peer: Uint8Array, { code }: NetworkError) => {
        this.failures.push({ peer: this.numberOf(peer), code })
        this.networks.heal(this.network.self, peer)
      },
    })
    return bytes
  }

  #ask: Network['ask'] = async (protocol, question, peer) => {
    const { at } = question as Partial<PieceQuestion>
    const error = at === undefined ? undefined : this.failing()
    if (error !== undefined) throw error
    const answer = await this.network.ask(protocol, question, peer)
    if (at !== undefined) this.came.put(at)
    return answer
  }

  numberOf(peer: Uint8Array): number {
    return this.peers.findIndex((one) => equalBytes(one, peer))
  }

  /** How often each piece was answered by anybody. */
  get times(): readonly number[] {
    const all = this.answered.flat()
    return Array.from({ length: PIECES }, (_, i) => all.filter(({ at }) => at === i * PIECE_BYTES).length)
  }
}

export const isLong = (bytes: Uint8Array | undefined): boolean =>
  bytes !== undefined && equalBytes(bytes, LONG)
export const ONCE: readonly number[] = new Array<number>(PIECES).fill(1)
