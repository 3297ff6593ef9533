// Peers by their ed25519 keys, which libp2p wraps into its peer ids.
import { publicKeyFromRaw } from '@libp2p/crypto/keys'
import type { PeerId } from '@libp2p/interface'
import { peerIdFromPublicKey } from '@libp2p/peer-id'

export function peerIdOf(key: Uint8Array): PeerId {
  return peerIdFromPublicKey(publicKeyFromRaw(key))
}

/** Undefined for a peer with a key of another sort: it is none of ours. */
export function keyOf(peer: PeerId): Uint8Array | undefined {
  return peer.type === 'Ed25519' ? peer.publicKey.raw : undefined
}
