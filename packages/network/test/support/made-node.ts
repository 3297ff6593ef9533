// A libp2p node as networks make it, without what they do with it.
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { Libp2p } from '@libp2p/interface'
import { Denied } from '../../src/libp2p/denied.ts'
import { DHT_ASKED } from '../../src/libp2p/dht.ts'
import { hubsOf } from '../../src/libp2p/dht-records.ts'
import { Dials } from '../../src/libp2p/dials.ts'
import { Gate } from '../../src/libp2p/gate.ts'
import { HubPlaces } from '../../src/libp2p/hub-places.ts'
import { Names } from '../../src/libp2p/names.ts'
import { makeNode, type Services } from '../../src/libp2p/node.ts'
import { type NetworkOptions, PRESETS, SHARDS } from '../../src/libp2p/options.ts'
import { Rates } from '../../src/libp2p/rates.ts'
import { RelayPlaces } from '../../src/libp2p/relay-places.ts'
import type { NetworkPorts } from '../../src/libp2p.ts'
import { NETWORK_ID, secretOf } from './peers.ts'
import { timers } from './timers.ts'

export const names: Names = new Names(NETWORK_ID, SHARDS)

export interface Made {
  readonly node: Libp2p<Services>
  stop(): Promise<void>
}

/** Started. `count` is told of places at a relay alone. */
export async function madeNode(
  { role, preset }: Pick<NetworkOptions, 'role' | 'preset'>,
  count?: NetworkPorts['count'],
): Promise<Made> {
  const limits = PRESETS[preset]
  const options: NetworkOptions = {
    networkId: NETWORK_ID,
    secret: secretOf(1),
    role,
    listen: role === 'hub' ? ['/ip4/127.0.0.1/tcp/0'] : [],
    bootstrap: [],
    preset,
  }
  const relayPlaces = new RelayPlaces({ limits, count })
  const stopping = new AbortController()
  const bans = { isBanned: () => false }
  const denied = new Denied([])
  const node = await makeNode({
    options,
    names,
    privateKey: await generateKeyPairFromSeed('Ed25519', options.secret),
    hubs: hubsOf(NETWORK_ID),
    gate: new Gate({ limits, bans, denied, allow: [], isFriend: () => false, count: undefined }),
    dials: new Dials({
      preset: options.preset,
      denied,
      bans,
      known: { get: () => undefined, all: () => [] },
    }),
    relayPlaces,
    hubPlaces: new HubPlaces({ limits, isKept: () => false }),
    dhtRates: new Rates({ time: timers, stopping: stopping.signal, rateOf: () => DHT_ASKED }),
    count: undefined,
  })
  relayPlaces.attach(node)
  await node.start()
  return {
    node,
    stop: async () => {
      stopping.abort()
      await node.stop()
    },
  }
}
