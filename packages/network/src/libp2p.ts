// The network over libp2p. A door of its own: who needs only questions and the port does not load libp2p.

export { bundleCodec } from './codecs/bundle.ts'
export { type Count, type CountName, type CountRow, countWith, NETWORK_COUNTS } from './libp2p/counts.ts'
export { hubsOf } from './libp2p/dht-records.ts'
export { libp2pNetwork } from './libp2p/libp2p-network.ts'
export { Names, NETWORK_TOPICS, TOPICS } from './libp2p/names.ts'
export { MOST_SHARDS, type NetworkOptions, SHARDS } from './libp2p/options.ts'
export type { NetworkLog, NetworkPorts, Waiting } from './libp2p/ports.ts'
