// The verifiers of a network, asked by a peer that exists for one command: a throwaway key, nothing listened to.
import { bytesOf, type Chain, entriesOf, type Time } from '@piecework/chain'
import { fetchByHash, type Network, NetworkError, type Protocol } from '@piecework/network'
import { toHex } from '@piecework/protocol'
import type { Context } from '../context.ts'
import { CliError, sentenceOf } from '../errors.ts'
import { openChain, stateOf } from './chain.ts'
import { openPeer } from './open-peer.ts'
import type { Place } from './place.ts'

export interface Verifier {
  readonly id: number
  readonly key: Uint8Array
}

export interface Answered<T> {
  readonly verifier: Verifier
  readonly answer: T
}

export class Verifiers {
  readonly chain: Chain
  readonly network: Network
  readonly #time: Time

  constructor(chain: Chain, network: Network, time: Time) {
    this.chain = chain
    this.network = network
    this.#time = time
  }

  async all(): Promise<readonly Verifier[]> {
    const { roster } = await stateOf(this.chain)
    const all = entriesOf(roster).map(({ id, voteKey }) => ({ id, key: bytesOf(voteKey) }))
    if (all.length === 0) throw new CliError('notYet', 'This network has no verifiers yet.')
    return all
  }

  ask<Q, A>(protocol: Protocol<Q, A>, question: Q, { key }: Verifier): Promise<A> {
    return this.network.ask(protocol, question, key)
  }

  /** All who answer; throws when nobody does. */
  async askAll<Q, A>(protocol: Protocol<Q, A>, question: Q): Promise<readonly Answered<A>[]> {
    const { answered, verifiers, failures } = await this.#askEach(protocol, question)
    if (answered.length > 0) return answered
    throw unanswered(verifiers, failures)
  }

  /** All who can answer already; throws when nobody can be reached. A root is final before its ledger is on their disks. */
  async askThoseWhoKnow<Q, A>(protocol: Protocol<Q, A>, question: Q): Promise<readonly Answered<A>[]> {
    const { answered, verifiers, failures } = await this.#askEach(protocol, question)
    if (answered.length > 0 || failures.some(isRefusal)) return answered
    throw unanswered(verifiers, failures)
  }

  async #askEach<Q, A>(protocol: Protocol<Q, A>, question: Q): Promise<Asked<A>> {
    const verifiers = await this.all()
    const tried = await Promise.allSettled(
      verifiers.map(async (verifier) => ({ verifier, answer: await this.ask(protocol, question, verifier) })),
    )
    const answered = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    const failures = tried.flatMap((one): readonly unknown[] =>
      one.status === 'rejected' ? [one.reason] : [],
    )
    return { answered, verifiers: verifiers.length, failures }
  }

  /** By its SHA-256; undefined when nobody has it, throws when nobody can be reached. */
  async content(hash: Uint8Array): Promise<Uint8Array | undefined> {
    const connected = new Set(this.network.peers().map(({ key }) => toHex(key)))
    const isFar = ({ key }: Verifier): number => (connected.has(toHex(key)) ? 0 : 1)
    const peers = (await this.all()).toSorted((a, b) => isFar(a) - isFar(b)).map(({ key }) => key)
    const failures = new Map<string, NetworkError>()
    const onFailure = (peer: Uint8Array, error: NetworkError): void => void failures.set(toHex(peer), error)
    const [bytes] = await fetchByHash({
      network: this.network,
      sort: 'content',
      hashes: [hash],
      peers,
      onFailure,
      // A person waits for it: who gives a piece now and then would hold the command for hours.
      wait: (milliseconds, signal) => this.#time.wait(milliseconds, signal),
    })
    if (bytes === undefined && failures.size === peers.length)
      throw unanswered(peers.length, [...failures.values()])
    return bytes
  }
}

interface Asked<T> {
  readonly answered: readonly Answered<T>[]
  /** How many were asked. */
  readonly verifiers: number
  readonly failures: readonly unknown[]
}

const isRefusal = (error: unknown): boolean =>
  error instanceof NetworkError && error.code === 'network/refused'

function unanswered(verifiers: number, [why]: readonly unknown[]): CliError {
  return new CliError('unreachable', `None of ${verifiers} verifiers answers: ${sentenceOf(why)}`)
}

export async function withVerifiers<T>(
  context: Context,
  place: Place,
  use: (verifiers: Verifiers) => Promise<T>,
): Promise<T> {
  const chain = await openChain(context, place)
  try {
    const network = await openPeer(context, place)
    try {
      return await use(new Verifiers(chain, network, context.io.rpc.time))
    } finally {
      await network.stop()
    }
  } finally {
    await chain.stop()
  }
}
