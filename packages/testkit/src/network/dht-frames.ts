// What a peer says to a DHT, made by hand: as long as somebody likes.
import { field, framed } from './gossip-frames.ts'

/** Number and wire type of a protobuf field. */
const FIELD = { type: 8, key: 18, providers: 74, id: 10, address: 18 } as const
const TYPE = { addProvider: 2, getProviders: 3, ping: 5 } as const

export interface RawProvider {
  /** The multihash that the name of a peer is. */
  readonly id: Uint8Array
  /** Multiaddrs as bytes. */
  readonly addresses: readonly Uint8Array[]
}

/** `key` is a multihash. */
export function addProviderFrame(key: Uint8Array, { id, addresses }: RawProvider): Uint8Array {
  const provider = [field(FIELD.id, id), ...addresses.map((one) => field(FIELD.address, one))]
  return framed([
    Uint8Array.of(FIELD.type, TYPE.addProvider),
    field(FIELD.key, key),
    field(FIELD.providers, Buffer.concat(provider)),
  ])
}

export function getProvidersFrame(key: Uint8Array): Uint8Array {
  return framed([Uint8Array.of(FIELD.type, TYPE.getProviders), field(FIELD.key, key)])
}

export function pingFrame(): Uint8Array {
  return framed([Uint8Array.of(FIELD.type, TYPE.ping)])
}

/** So many addresses that can be dialled, all different: 8 bytes each. */
export function manyAddresses(count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, i) => {
    const port = 1024 + (i % 60_000)
    return Uint8Array.of(4, 11, 0, Math.floor(i / 60_000), 1, 6, port >> 8, port & 255)
  })
}
