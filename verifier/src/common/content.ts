// Specs, inputs, allow lists and parameters of kinds by their hash: in memory while they are used again and again, on
// disk, or from other verifiers.
import { concat, toHex } from '@piecework/protocol'
import { bytesSetting, type ContentStore, type Setting, type Settings, StoreError } from '@piecework/store'
import type { Content } from '@piecework/work'
import { VerifierError } from '../errors.ts'
import { type IsRight, isAllowList, isContent, sha256 } from './hashes.ts'
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
  readonly #pinned = new Set<string>()
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

  /** Parameters of kinds, which stay here from then on: without them no epoch can be computed. */
  async rules(hash: Uint8Array): Promise<Uint8Array> {
    const bytes = await this.get(hash)
    const name = toHex(hash)
    if (!this.#pinned.has(name) && (await this.pin(hash))) this.#pinned.add(name)
    return bytes
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

  /** Of what is here; 0 for what is not. */
  async size(hash: Uint8Array): Promise<number> {
    const { store, settings } = this.#ports
    return (await store.size((await settings.get(placeOf(hash))) ?? hash)) ?? 0
  }

  /** For as long as nothing newer needs its room. The bytes must be what the hash names. False without room. */
  async put(hash: Uint8Array, bytes: Uint8Array): Promise<boolean> {
    const { store, settings } = this.#ports
    const place = sha256(bytes)
    try {
      await store.put(place, [bytes])
    } catch (error) {
      if (error instanceof StoreError && error.code === 'content/no-room') return false
      throw error
    }
    if (!isContent(hash, bytes)) await settings.set(placeOf(hash), place)
    return true
  }

  /** From here on it stays, until `letGo`. False when it isn't here any more. */
  async pin(hash: Uint8Array): Promise<boolean> {
    const { store, settings } = this.#ports
    return store.pin((await settings.get(placeOf(hash))) ?? hash, true)
  }

  async keep(hash: Uint8Array, bytes: Uint8Array): Promise<boolean> {
    return (await this.put(hash, bytes)) && this.pin(hash)
  }

  /** From others, undefined when nobody has it now. */
  async fetch(hash: Uint8Array): Promise<Uint8Array | undefined> {
    const isRight: IsRight = (wanted, bytes) => isContent(wanted, bytes) || isAllowList(wanted, bytes)
    const found = await this.#ports.others.fetch({ sort: 'content', hashes: [hash], isRight })
    return found.get(toHex(hash))
  }

  /** All but these, and the lists whose roots are given. */
  async letGo(needed: readonly Uint8Array[], lists: readonly Uint8Array[]): Promise<void> {
    const { store, settings } = this.#ports
    const places: string[] = []
    for (const hash of needed) places.push(toHex((await settings.get(placeOf(hash))) ?? hash))
    const stays = new Set(places)
    for await (const hash of store.hashes()) if (!stays.has(toHex(hash))) await store.delete(hash)
    for (const root of lists) await settings.delete(placeOf(root))
  }

  async #find(hash: Uint8Array, name: string): Promise<Uint8Array> {
    const bytes = (await this.stored(hash)) ?? (await this.#fetched(hash))
    if (bytes === undefined) {
      const message = `What has the hash ${name} can't be had from any verifier now: it is asked for again.`
      throw new VerifierError('content/missing', message, { hash: name })
    }
    this.#hold(name, bytes)
    return bytes
  }

  async #fetched(hash: Uint8Array): Promise<Uint8Array | undefined> {
    const bytes = await this.fetch(hash)
    // Without room for it the verifier works on with what it was sent: it is fetched again when it is needed again.
    if (bytes !== undefined) await this.put(hash, bytes)
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

async function readContent(content: ContentStore, hash: Uint8Array): Promise<Uint8Array | undefined> {
  const found = await content.get(hash)
  if (found === undefined) return undefined
  const parts: Uint8Array[] = []
  for await (const part of found) parts.push(part)
  return concat(parts)
}
