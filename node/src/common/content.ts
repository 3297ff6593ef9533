// Specs and inputs by their hash: in memory while a job's tasks follow each other, on disk for the next start, and
// otherwise from verifiers.
import { concat, toHex } from '@piecework/protocol'
import type { ContentStore } from '@piecework/store'
import type { Content } from '@piecework/work'
import { NodeError } from '../errors.ts'
import type { Verifiers } from './verifiers.ts'

/** Held in memory, so that the sandbox meets the same module again without reading it: a few programs and texts. */
const HELD_BYTES = 33_554_432

export interface ContentPorts {
  readonly store: ContentStore
  readonly verifiers: Verifiers
}

export class NodeContent implements Content {
  readonly #ports: ContentPorts
  readonly #held = new Map<string, Uint8Array>()
  /** Two tasks that need the same thing wait for one fetch. */
  readonly #coming = new Map<string, Promise<Uint8Array>>()
  #bytes = 0

  constructor(ports: ContentPorts) {
    this.#ports = ports
  }

  async get(hash: Uint8Array): Promise<Uint8Array> {
    const name = toHex(hash)
    const held = this.#held.get(name)
    if (held !== undefined) {
      this.#held.delete(name)
      this.#held.set(name, held)
      return held
    }
    const coming =
      this.#coming.get(name) ?? this.#find(hash, name).finally(() => void this.#coming.delete(name))
    this.#coming.set(name, coming)
    return coming
  }

  async #find(hash: Uint8Array, name: string): Promise<Uint8Array> {
    const bytes = (await this.#stored(hash)) ?? (await this.#fetched(hash))
    this.#hold(name, bytes)
    return bytes
  }

  async #stored(hash: Uint8Array): Promise<Uint8Array | undefined> {
    const found = await this.#ports.store.get(hash)
    if (found === undefined) return undefined
    const parts: Uint8Array[] = []
    for await (const part of found) parts.push(part)
    return concat(parts)
  }

  async #fetched(hash: Uint8Array): Promise<Uint8Array> {
    const { store, verifiers } = this.#ports
    const bytes = await verifiers.content(hash)
    if (bytes === undefined) {
      const message = `What has the hash ${toHex(hash)} can't be had from any verifier now: it is asked for again.`
      throw new NodeError('content/missing', message, { hash: toHex(hash) })
    }
    await store.put(hash, [bytes])
    return bytes
  }

  /** The longest unused goes first. */
  #hold(name: string, bytes: Uint8Array): void {
    this.#held.set(name, bytes)
    this.#bytes += bytes.length
    for (const [other, { length }] of this.#held) {
      if (this.#bytes <= HELD_BYTES || other === name) return
      this.#held.delete(other)
      this.#bytes -= length
    }
  }
}
