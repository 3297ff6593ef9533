// The public surface of @piecework/work.

export { writeAllowList } from './allow.ts'
export * from './errors.ts'
export {
  FETCH_LIMITS,
  type Fetched,
  type FetchLimits,
  type FetchOptions,
  type GuardedFetch,
  guardedFetch,
  type HostLogEntry,
} from './fetch/fetch.ts'
export { resolveName } from './fetch/resolve.ts'
export * from './kind.ts'
export { type Import, Kinds, loadKinds } from './kinds.ts'
export {
  type Keeper,
  type KeeperInput,
  KNOWN_OUTPUT_BYTES,
  KNOWN_TASKS,
  type KnownSpec,
  keeperOf,
  knownHolds,
  knownOutput,
  type Opening,
  saltSecretOf,
} from './known.ts'
export * from './measuring/index.ts'
export { isByKeeper, readKnown, type SignedKnown, signKnown } from './opened.ts'
export type { Answers, Asked } from './people/answers.ts'
export { AnswerDesk, OPEN_QUESTIONS, type Waiting } from './people/desk.ts'
export { type AnsweringProgram, type ProgramOptions, startProgram } from './people/program.ts'
export type { Field, Option, Question, Shown } from './people/question.ts'
export * from './sandbox/limits.ts'
export { findPrefix, type Protection, protectionsOf } from './sandbox/protections.ts'
export * from './sandbox/sandbox.ts'
export { sandboxFor } from './sandbox/sandbox-for.ts'
export { instrument } from './sandbox/wasm/instrument.ts'
export { scaffoldKind } from './scaffold.ts'
export * from './spec.ts'
export { type EvidenceInput, judgeEvidence, Verdicts } from './verdicts.ts'
export { type HeldContent, JobSpecs, workOf } from './work-port.ts'
