// Specs, inputs, allow lists and parameters of kinds by their hash: in memory while they are used again and again, on
// disk, or from other verifiers.
import { toHex } from '@piecework/protocol'
import { bytesSetting, type ContentStore, type Setting, type Settings } from '@piecework/store'
import type { Content } from '@piecework/work'
import { VerifierError } from '../errors.ts'
import { isAllowList, isContent, sha256 } from './hashes.ts'
import { readContent } from './kept.ts'
import type { Others } from './others.ts'

/** Held in memory, so that checks meet the same module again without reading it: some programs and texts. */
const HELD_BYTES = 67_108_864

/** An allow list is named by its root; it lies where its SHA-256 says. */
function placeOf(root: Uint8Array): Setting<Uint8Array> {
  return bytesSetting(`allow/${toHex(root).slice(0, 48)}`)
}

export interface ContentPorts {
  readonly store: ContentStore
  readonly settings: Settings
  readonly others: Others
}

export class VerifierContent implements Content {
  readonly #ports: ContentPorts
  readonly #held = new Map<string, Uint8Array>()
  /** Two that need the same thing wait for one fetch. */
  readonly #coming = new Map<string, Promise<Uint8Array>>()
  #bytes = 0

  constructor(ports: ContentPorts) {
    this.#ports = ports
  }

  /** From anywhere. */
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

  /** What is here. */
  async stored(hash: Uint8Array): Promise<Uint8Array | undefined> {
    const { store, settings } = this.#ports
    return readContent(store, (await settings.get(placeOf(hash))) ?? hash)
  }

  async has(hash: Uint8Array): Promise<boolean> {
    const { store, settings } = this.#ports
    return store.has((await settings.get(placeOf(hash))) ?? hash)
  }

  /** For as long as the network needs it. The bytes must be what the hash names. */
  async keep(hash: Uint8Array, bytes: Uint8Array): Promise<void> {
    const { store, settings } = this.#ports
    const place = sha256(bytes)
    await store.put(place, [bytes])
    await store.pin(place, true)
    if (!isContent(hash, bytes)) await settings.set(placeOf(hash), place)
  }

  /** What of these can be had now is kept here afterwards. */
  async fetch(hashes: readonly Uint8Array[]): Promise<void> {
    const isRight = (hash: Uint8Array, bytes: Uint8Array): boolean =>
      isContent(hash, bytes) || isAllowList(hash, bytes)
    const found = await this.#ports.others.fetch({ sort: 'content', hashes, isRight })
    for (const hash of hashes) {
      const bytes = found.get(toHex(hash))
      if (bytes !== undefined) await this.keep(hash, bytes)
    }
  }

  async #find(hash: Uint8Array, name: string): Promise<Uint8Array> {
    if (!(await this.has(hash))) await this.fetch([hash])
    const bytes = await this.stored(hash)
    if (bytes === undefined) {
      const message = `What has the hash ${name} can't be had from any verifier now: it is asked for again.`
      throw new VerifierError('content/missing', message, { hash: name })
    }
    this.#hold(name, bytes)
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
