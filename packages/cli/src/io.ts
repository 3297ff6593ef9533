// What a command takes from outside: its terminal, its environment, time and chance. Only the main makes one.
import type { Process } from '@piecework/api'
import type { RpcPorts } from '@piecework/chain'
import type { Key } from './work/form.ts'

export interface Io {
  /** A line for whoever asked; the only thing on standard output. */
  readonly out: (line: string) => void
  /** What goes on meanwhile, and what went wrong. */
  readonly err: (line: string) => void
  /** Somebody looks at standard error: progress and colour make sense. */
  readonly isTerminal: boolean
  /** What is typed, key by key, until whoever reads it stops. */
  readonly keys: () => AsyncIterable<Key>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly folder: string
  readonly process: Process
  /** The Node that runs this. */
  readonly node: string
  readonly nodeVersion: string
  readonly randomBytes: (bytes: number) => Uint8Array
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly rpc: RpcPorts
}
