// What needs Node: the rest of the client runs wherever `fetch` does.
export { type ChainPlace, type MakeCounter, type NodeChainPorts, nodeChain } from './chain.ts'
export { nodeTransport, type Transport } from './transport.ts'
