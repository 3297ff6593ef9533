// The public surface of @piecework/network.
export * from './port.ts'
export * from './protocols.ts'
export * from './questions.ts'
export * from './topics.ts'
