// The public surface of @piecework/work.

export * from './errors.ts'
export * from './sandbox/limits.ts'
export { findPrefix, type Protection, protectionsOf } from './sandbox/protections.ts'
export * from './sandbox/sandbox.ts'
export { instrument } from './sandbox/wasm/instrument.ts'
