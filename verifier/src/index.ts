// The public surface of @piecework/verifier.
export type { VerifierPorts } from './common/ports.ts'
export { type VerifierConfig, verifierConfig } from './config.ts'
export { VerifierError, type VerifierErrorCode } from './errors.ts'
export { makeVerifier, type VerifierDaemon } from './main.ts'
export { type OpenedVerifier, openVerifier, openVerifierStore } from './open.ts'
export type { VerifierStatus } from './status.ts'
