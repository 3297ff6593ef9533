// Peers that keep to no rules, over libp2p. A door of its own: who plays in memory does not load it.
export * from './network/dht-frames.ts'
export * from './network/gossip-frames.ts'
export * from './network/hub-news.ts'
export * from './network/raw-peer.ts'
