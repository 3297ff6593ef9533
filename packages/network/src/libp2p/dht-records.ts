// What a peer remembers of others: addresses, and who is a hub of this network. Whatever else others put into the DHT is
// refused, and at the bound the oldest is forgotten.
import { createHash } from 'node:crypto'
import { MemoryDatastore } from 'datastore-core'
import { Key } from 'interface-datastore'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { create } from 'multiformats/hashes/digest'
import { toString as textOf } from 'uint8arrays/to-string'
import { NetworkError } from '../errors.ts'
import type { Count } from './counts.ts'

/** Where kad-dht keeps its things. */
export const DHT_FOLDER = '/dht'
/** Peers and hubs that are remembered: all of a network of 50,000. */
const RECORDS = 65_536
const SHA2_256 = 0x12

/** By this name the hubs of a network are found. */
export function hubsOf(networkId: Uint8Array): CID {
  const hash = createHash('sha256').update('piecework hubs').update(networkId).digest()
  return CID.createV1(raw.code, create(SHA2_256, new Uint8Array(hash)))
}

export class DhtRecords extends MemoryDatastore {
  readonly #hubs: string
  readonly #count: Count | undefined
  /** In the order in which they were put. */
  readonly #keys = new Set<string>()

  constructor(hubs: CID, count: Count | undefined) {
    super()
    this.#hubs = `${DHT_FOLDER}/provider/${textOf(hubs.multihash.bytes, 'base32')}/`
    this.#count = count
  }

  override put(key: Key, value: Uint8Array): Key | Promise<Key> {
    const name = key.toString()
    if (name.startsWith(DHT_FOLDER) && !name.startsWith(this.#hubs)) {
      this.#count?.('network_dht_refused_total', { why: 'not-ours' })
      throw new NetworkError('network/refused', 'The DHT holds the hubs of this network and nothing else.', {
        name,
      })
    }
    this.#keys.delete(name)
    this.#keys.add(name)
    const [oldest] = this.#keys
    if (this.#keys.size > RECORDS && oldest !== undefined) this.#forget(oldest)
    return super.put(key, value)
  }

  #forget(name: string): void {
    this.#count?.('network_dht_refused_total', { why: 'full' })
    this.delete(new Key(name))
  }

  override delete(key: Key): void | Promise<void> {
    this.#keys.delete(key.toString())
    return super.delete(key)
  }
}
