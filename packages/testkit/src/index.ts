// The public surface of @piecework/testkit.
export * from './ed25519-forgery.ts'
export * from './ed25519-speccheck.ts'
export { HandClock } from './hand-clock.ts'
export { SeededRandom } from './random.ts'
export * from './world/behaviours.ts'
export * from './world/contributor.ts'
export * from './world/toy-work.ts'
export * from './world/verifier.ts'
export {
  type ContributorPlan,
  type JobPlan,
  type VerifierPlan,
  World,
  type WorldOptions,
} from './world/world.ts'
