// What a hub says of itself by gossip, made by hand: true or not.
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { PeerRecord, RecordEnvelope } from '@libp2p/peer-record'
import { multiaddr } from '@multiformats/multiaddr'

export interface HubNewsOf {
  /** 32 bytes of an ed25519 secret: of the hub. */
  readonly secret: Uint8Array
  /** Who signs it: the hub, unless another is named. */
  readonly signer?: Uint8Array
  readonly addresses: readonly string[]
  readonly seq: bigint
  /** What it is signed for: the name of the topic on the wire. None: what libp2p signs its own records for. */
  readonly domain?: string
}

export async function hubNewsOf({ secret, signer, addresses, seq, domain }: HubNewsOf): Promise<Uint8Array> {
  const key = await generateKeyPairFromSeed('Ed25519', secret)
  const record = new PeerRecord({
    peerId: peerIdFromPrivateKey(key),
    multiaddrs: addresses.map((one) => multiaddr(one)),
    seqNumber: seq,
  })
  record.domain = domain ?? PeerRecord.DOMAIN
  const by = signer === undefined ? key : await generateKeyPairFromSeed('Ed25519', signer)
  return (await RecordEnvelope.seal(record, by)).marshal()
}
