// The log of a daemon: one line of JSON per event, each with an id that no other line of this machine has.
import { type DestinationStream, type Logger, pino } from 'pino'
import { systemCode } from './errors.ts'
import type { Log, LogFields } from './log.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export interface LogOptions {
  /** Which daemon writes it: node, verifier, settler. */
  readonly daemon: string
  /** Distinguishes this run from all others: some random letters. */
  readonly run: string
  /** The least that is written; info, where it is left out. */
  readonly level?: LogLevel
  readonly write: (line: string) => void
}

/** What is never written, whatever a caller passes. */
const SECRET = /secret|token|passphrase|password|salt|privateKey/i
/** Longer bytes are data, and 64 of them may be a key pair: their number says enough. */
const MOST_BYTES_SHOWN = 32
/** Fields are flat, or a list or an error within: deeper ones are a mistake of the caller. */
const MAX_DEPTH = 4
const MAX_ITEMS = 64

export function makeLog({ daemon, run, level = 'info', write }: LogOptions): Log {
  const logger = pino(
    {
      base: { daemon },
      level,
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (name) => ({ level: name }) },
    },
    { write } satisfies DestinationStream,
  )
  let lines = 0
  const at = (of: keyof Pick<Logger, LogLevel>) => {
    return (event: string, fields: LogFields = {}): void => {
      if (!logger.isLevelEnabled(of)) return
      lines += 1
      logger[of]({ ...shownFields(fields), id: `${run}-${lines}` }, event)
    }
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

function shownFields(fields: object, depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields)
      .slice(0, MAX_ITEMS)
      .map(([name, value]) => [name, SECRET.test(name) ? '[secret]' : shown(value, depth)]),
  )
}

function shown(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array) return shownBytes(value)
  if (value instanceof Error) return shownError(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth === MAX_DEPTH) return '[deeper]'
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((one) => shown(one, depth + 1))
  return shownFields(value, depth + 1)
}

function shownBytes(bytes: Uint8Array): string {
  return bytes.length > MOST_BYTES_SHOWN ? `[${bytes.length} bytes]` : Buffer.from(bytes).toString('hex')
}

function shownError(error: Error): object {
  const code = systemCode(error)
  const cause = error.cause instanceof Error ? { cause: error.cause.message } : {}
  return { message: error.message, ...(code === undefined ? { stack: error.stack } : { code }), ...cause }
}
