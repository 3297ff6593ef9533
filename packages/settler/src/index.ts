// The public surface of @piecework/settler.
export { type SettlerConfig, type SettlingOptions, settlerConfig, settling } from './config.ts'
export { SettlerError, type SettlerErrorCode } from './errors.ts'
export { makeSettler, type Settler } from './main.ts'
export { type OpenedSettler, openSettler } from './open.ts'
export type { BesideVerifier, SettlerPorts } from './ports.ts'
export type { SettlerStatus } from './status.ts'
export type { Deed } from './tally.ts'
