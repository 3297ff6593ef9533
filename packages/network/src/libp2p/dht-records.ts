// What a peer remembers of others: addresses, and who is a hub of this network. Whatever else others put into the DHT is
// refused, and so is what is long; at the bounds the oldest is forgotten, of hubs that of the subnet that has most.
import { createHash } from 'node:crypto'
import { toBase58 } from '@piecework/protocol'
import { MemoryDatastore } from 'datastore-core'
import { Key, type Pair, type Query } from 'interface-datastore'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { create } from 'multiformats/hashes/digest'
import { toString as textOf } from 'uint8arrays/to-string'
import { NetworkError } from '../errors.ts'
import type { Count } from './counts.ts'
import type { HubPlaces } from './hub-places.ts'

/** Where kad-dht keeps its things. */
export const DHT_FOLDER = '/dht'
/** Where libp2p keeps what it knows of peers, each by its name as a CID. */
const PEERS_FOLDER = '/peers/'
/** Peers and hubs that are remembered: all of a network of 50,000. */
const RECORDS = 65_536
/**
 * Of one record: libp2p takes 8 KB of what a peer says of itself, and keeps it twice, once as it was signed. All of it is
 * read again for each stream that the peer opens, and each of its addresses is compared with all others.
 */
const RECORD_BYTES = 16_384
const SHA2_256 = 0x12

/** By this name the hubs of a network are found. */
export function hubsOf(networkId: Uint8Array): CID {
  const hash = createHash('sha256').update('piecework hubs').update(networkId).digest()
  return CID.createV1(raw.code, create(SHA2_256, new Uint8Array(hash)))
}

/** Of where it is kept: the name that the DHT knows it by. */
function peerNamed(name: string): string {
  return toBase58(CID.parse(name.slice(PEERS_FOLDER.length)).multihash.bytes)
}

export interface DhtRecordsParts {
  /** By which the hubs of this network are found. */
  readonly hubs: CID
  readonly hubPlaces: HubPlaces
  readonly count: Count | undefined
}

export class DhtRecords extends MemoryDatastore {
  readonly #hubs: string
  readonly #hubPlaces: HubPlaces
  readonly #count: Count | undefined
  /** Names of what is known of peers, in the order in which it was put; and of who is a hub. */
  readonly #peerKeys = new Set<string>()
  readonly #hubKeys = new Set<string>()

  constructor({ hubs, hubPlaces, count }: DhtRecordsParts) {
    super()
    this.#hubPlaces = hubPlaces
    this.#hubs = `${DHT_FOLDER}/provider/${textOf(hubs.multihash.bytes, 'base32')}/`
    this.#count = count
  }

  override put(key: Key, value: Uint8Array): Key | Promise<Key> {
    const name = key.toString()
    const isHub = name.startsWith(this.#hubs)
    if (name.startsWith(DHT_FOLDER) && !isHub) {
      this.#count?.('network_dht_refused_total', { why: 'not-ours' })
      throw new NetworkError('network/refused', 'The DHT holds the hubs of this network and nothing else.', {
        name,
      })
    }
    // What is there stays. It is no error of the peer that it is about: anybody in the DHT can tell of its addresses.
    if (value.length > RECORD_BYTES) {
      this.#count?.('network_dht_refused_total', { why: 'too-long' })
      return key
    }
    const keys = isHub ? this.#hubKeys : this.#peerKeys
    keys.delete(name)
    keys.add(name)
    const goes = isHub ? this.#hubThatGoes(name) : this.#peerThatGoes()
    if (goes !== undefined) this.#forget(goes)
    // It may be the newest itself.
    return keys.has(name) ? super.put(key, value) : key
  }

  #hubThatGoes(name: string): string | undefined {
    const peer = this.#hubPlaces.take(name.slice(this.#hubs.length))
    return peer === undefined ? undefined : this.#hubs + peer
  }

  /** Never this peer itself, without which nobody could identify it, nor who is named: 65,536 keys cost nothing. */
  #peerThatGoes(): string | undefined {
    if (this.#peerKeys.size <= RECORDS) return undefined
    for (const name of this.#peerKeys) if (!this.#hubPlaces.isKept(peerNamed(name))) return name
    return undefined
  }

  #forget(name: string): void {
    this.#count?.('network_dht_refused_total', { why: 'full' })
    this.delete(new Key(name))
  }

  override delete(key: Key): void | Promise<void> {
    const name = key.toString()
    this.#peerKeys.delete(name)
    if (this.#hubKeys.delete(name)) this.#hubPlaces.give(name.slice(this.#hubs.length))
    // kad-dht answers nobody who asks for hubs while it does not know one that it has.
    if (name.startsWith(PEERS_FOLDER)) this.delete(new Key(this.#hubs + peerNamed(name)))
    return super.delete(key)
  }

  /** Who asks for hubs does not have all peers looked through. */
  override async *_all(query: Query): AsyncGenerator<Pair> {
    const keys = query.prefix?.startsWith(DHT_FOLDER) === true ? this.#hubKeys : this.#peerKeys
    for (const name of [...keys]) {
      const key = new Key(name)
      if (keys.has(name)) yield { key, value: await this.get(key) }
    }
  }
}
