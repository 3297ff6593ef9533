// The public surface of @piecework/work.

export * from './errors.ts'
export * from './kind.ts'
export { type Import, Kinds, loadKinds } from './kinds.ts'
export * from './sandbox/limits.ts'
export { findPrefix, type Protection, protectionsOf } from './sandbox/protections.ts'
export * from './sandbox/sandbox.ts'
export { instrument } from './sandbox/wasm/instrument.ts'
export * from './spec.ts'
export { type EvidenceInput, judgeEvidence, Verdicts } from './verdicts.ts'
export { type HeldContent, JobSpecs, workOf } from './work-port.ts'
