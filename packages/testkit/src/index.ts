// The public surface of @piecework/testkit.

export { MemoryChain, type MemoryChainOptions } from './chain/memory-chain.ts'
export * from './ed25519-forgery.ts'
export * from './ed25519-speccheck.ts'
export { HandClock } from './hand-clock.ts'
export { SeededRandom } from './random.ts'
export * from './slot-chain.ts'
export * from './world/behaviours.ts'
export * from './world/contributor.ts'
export type { ContributorPlan, JobPlan, VerifierPlan, WorldOptions } from './world/plans.ts'
export * from './world/toy-work.ts'
export * from './world/verifier.ts'
export { World } from './world/world.ts'
