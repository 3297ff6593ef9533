// The public surface of @piecework/node.

export type { Trouble } from '@piecework/api'
export type { Earnings } from './claim.ts'
export type { ClaimEntry } from './common/claim-history.ts'
export type { Latencies, Latency } from './common/latencies.ts'
export { claimedBy, finalRoots, type Owed, provenLeaves } from './common/leaf.ts'
export { type KindConfig, type NodeConfig, nodeConfig } from './config.ts'
export * from './enrolment.ts'
export * from './errors.ts'
export { makeNode, type NodeDaemon, type NodePorts } from './main.ts'
export { type NodeOverrides, type OpenedNode, openNode } from './open.ts'
export { nodeStoreFolder, openNodeStore } from './open-store.ts'
export type { NodeStatus } from './status.ts'
