// The public surface of @piecework/network, without libp2p: that is in ./libp2p.
export { protocols } from './all-protocols.ts'
export * from './errors.ts'
export * from './exchange.ts'
export * from './limits.ts'
export * from './port.ts'
export * from './protocols.ts'
export * from './questions.ts'
export * from './topics.ts'
