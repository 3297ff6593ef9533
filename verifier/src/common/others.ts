// The other verifiers: data by its hash from any of them, checked against the hash whoever sent it.
import { type Address, addressOf, bytesOf, entriesOf, seatsOf, type Time } from '@piecework/chain'
import { DATA_HASHES, type Network, protocols, type Sort } from '@piecework/network'
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
  readonly isRight: (hash: Uint8Array, bytes: Uint8Array) => boolean
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
  async fetch(wanted: Wanted): Promise<ReadonlyMap<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>()
    for (const key of this.#inTurn(wanted.first ?? [])) {
      const missing = wanted.hashes.filter((hash) => !found.has(toHex(hash)))
      if (missing.length === 0) break
      const answered = await this.#fetchFrom(bytesOf(key), { ...wanted, hashes: missing }, found)
      this.#note(key, answered)
    }
    return found
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

  /** As many questions as it takes; a peer that gives nothing more, or no answer in time, is left. False for the latter. */
  async #fetchFrom(
    peer: Uint8Array,
    { sort, hashes, isRight }: Wanted,
    found: Map<string, Uint8Array>,
  ): Promise<boolean> {
    for (let at = 0; at < hashes.length; ) {
      const asked = hashes.slice(at, at + DATA_HASHES)
      const answer = await this.#patiently(
        this.#ports.network.ask(protocols.data, { sort, hashes: asked }, peer),
      )
      if (answer === undefined) return false
      if (answer.found.length === 0) return true
      for (const [i, bytes] of answer.found.entries()) {
        const hash = asked[i]
        if (hash !== undefined && bytes !== undefined && isRight(hash, bytes)) found.set(toHex(hash), bytes)
      }
      at += answer.found.length
    }
    return true
  }

  /** Undefined when it failed, or is late: whoever it was, others are asked then. */
  async #patiently<T>(answer: Promise<T>): Promise<T | undefined> {
    const over = new AbortController()
    const late = this.#ports.time.wait(PATIENCE_MS, over.signal).then(() => undefined)
    const early = answer.catch(() => undefined)
    return Promise.race([early, late]).finally(() => over.abort())
  }
}
