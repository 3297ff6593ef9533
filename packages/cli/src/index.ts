// The public surface of @piecework/cli.
export { type Invite, readInvite, writeInvite } from './common/invite.ts'
export { CliError, type CliErrorOptions, EXIT, type ExitName } from './errors.ts'
export type { Io } from './io.ts'
export { run } from './run.ts'
export { systemIo } from './system.ts'
