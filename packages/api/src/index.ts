// The public surface of @piecework/api.
export type { Daemon } from './daemon.ts'
export type { Log, LogFields } from './log.ts'
