// How libp2p names a peer: from its ed25519 key, as everybody who reads a vote key on chain can.
import { toBase58 } from '@piecework/protocol'

/** An identity multihash of a protobuf: key type ed25519, 32 bytes. */
const PEER_ID_PREFIX: readonly number[] = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20]

export function peerIdOf(key: Uint8Array): string {
  return toBase58(Uint8Array.from([...PEER_ID_PREFIX, ...key]))
}

/** Where others can dial it. */
export function dialAddress(listen: string, key: Uint8Array): string {
  return `${listen}/p2p/${peerIdOf(key)}`
}
