// What tests of a network on any chain are made of: verifiers that do what they should, ledgers and parameters.

export type { Harness } from './harness.ts'
export * from './ledgers.ts'
export * from './memory-harness.ts'
export * from './network.ts'
export * from './params.ts'
