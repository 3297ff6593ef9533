// The other verifiers: data by its hash from any of them, checked against the hash whoever sent it.
import { type Address, addressOf, bytesOf, entriesOf, seatsOf, type Time } from '@piecework/chain'
import {
  type Asked,
  askedOf,
  type Check,
  failures,
  fetchByHash,
  type Network,
  type Sort,
} from '@piecework/network'
import { toHex } from '@piecework/protocol'
import type { Moment } from './moment.ts'

/** A verifier that takes longer is asked again later: phases of an epoch are seconds. */
const PATIENCE_MS = 4_000
/** One that fails is left alone for so long, twice as long after each time, until it answers. */
const REST_MS = 500
const LONGEST_REST_MS = 16_000

interface Rest {
  readonly milliseconds: number
  readonly until: number
}

export interface Wanted {
  readonly sort: Sort
  readonly hashes: readonly Uint8Array[]
  /** Vote keys of those who are asked before the others. */
  readonly first?: readonly Address[]
  /** Whether these bytes are what has this hash; must not throw. */
  readonly isRight: Check
}

export interface OthersPorts {
  readonly network: Network
  readonly time: Time
}

export class Others {
  readonly #ports: OthersPorts
  readonly #self: Address
  #keys = new Map<number, Address>()
  readonly #rests = new Map<Address, Rest>()

  constructor(ports: OthersPorts) {
    this.#ports = ports
    this.#self = addressOf(ports.network.self)
  }

  see({ state }: Moment): void {
    const all = [...entriesOf(state.roster), ...state.epochs.flatMap((epoch) => seatsOf(epoch))]
    this.#keys = new Map(all.map(({ id, voteKey }) => [id, voteKey]))
    const known = new Set(this.#keys.values())
    for (const key of this.#rests.keys()) if (!known.has(key)) this.#rests.delete(key)
  }

  keysOf(ids: readonly number[]): readonly Address[] {
    return ids.flatMap((id) => this.#keys.get(id) ?? [])
  }

  has(key: Uint8Array): boolean {
    const address = addressOf(key)
    return [...this.#keys.values()].includes(address)
  }

  /** What was found, by the hexadecimal of its hash. Everybody is asked for what those before did not have. */
  async fetch({ sort, hashes, first = [], isRight }: Wanted): Promise<ReadonlyMap<string, Uint8Array>> {
    const helpful = new Set<Address>()
    const failed = new Set<Address>()
    const ask: Network['ask'] = async (protocol, question, to) => {
      const asked = askedOf(protocol.name, to)
      const { peer } = asked
      const answer = await this.#patiently(asked, (signal) =>
        this.#ports.network.ask(protocol, question, { peer, signal }),
      )
      helpful.add(addressOf(peer))
      return answer
    }
    const found = await fetchByHash({
      network: { ask },
      sort,
      hashes,
      check: isRight,
      peers: this.#inTurn(first).map(bytesOf),
      // Also after what was false: who lies costs others' time, and who was wrong once answers again soon.
      onFailure: (peer) => failed.add(addressOf(peer)),
      wait: (milliseconds, signal) => this.#ports.time.wait(milliseconds, signal),
    })
    for (const key of new Set([...helpful, ...failed])) this.#note(key, !failed.has(key))
    return new Map(
      found.flatMap((bytes, i) => (bytes === undefined ? [] : [[toHex(hashes[i] ?? bytes), bytes] as const])),
    )
  }

  /** Those that have a name here first, then those that are connected, then the rest. */
  #inTurn(first: readonly Address[]): readonly Address[] {
    const connected = new Set(this.#ports.network.peers().map(({ key }) => addressOf(key)))
    const known = [...this.#keys.values()]
    const [near, far] = [
      known.filter((key) => connected.has(key)),
      known.filter((key) => !connected.has(key)),
    ]
    const now = this.#ports.time.now()
    const rests = (key: Address): boolean => now < (this.#rests.get(key)?.until ?? now)
    return [...new Set([...first, ...near, ...far])].filter((key) => key !== this.#self && !rests(key))
  }

  /** So that those that are gone do not cost their whole patience each time. */
  #note(key: Address, answered: boolean): void {
    if (answered) {
      this.#rests.delete(key)
      return
    }
    const before = this.#rests.get(key)?.milliseconds ?? REST_MS / 2
    const milliseconds = Math.min(LONGEST_REST_MS, 2 * before)
    this.#rests.set(key, { milliseconds, until: this.#ports.time.now() + milliseconds })
  }

  /** Whoever is late, others are asked then, and he no longer. */
  async #patiently<T>(asked: Asked, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const [over, late] = [new AbortController(), new AbortController()]
    const { signal = late.signal } = asked
    void this.#ports.time.wait(PATIENCE_MS, over.signal).then(() => {
      if (!over.signal.aborted) late.abort()
    })
    try {
      return await ask(AbortSignal.any([late.signal, signal]))
    } catch (error) {
      throw late.signal.aborted ? failures.timeout(asked) : error
    } finally {
      over.abort()
    }
  }
}
