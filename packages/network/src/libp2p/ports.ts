// What a network over libp2p works with, given by the main.
import type { Count } from './counts.ts'

/** Time that passes: the deadlines and pauses of this package. libp2p keeps timers of its own. */
export interface Waiting {
  /** Resolves after so long, or at once when the signal is aborted. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>
}

export interface NetworkLog {
  debug(event: string, fields?: Readonly<Record<string, unknown>>): void
  warn(event: string, fields?: Readonly<Record<string, unknown>>): void
}

export interface NetworkPorts {
  readonly time: Waiting
  /** At least 0 and less than 1. It spreads reconnects over time; keys and secrets are made elsewhere. */
  readonly random: () => number
  readonly log?: NetworkLog
  /** Whether the chain names this key as a verifier's: messages go to it, however many others ask for them. */
  readonly isHub?: (key: Uint8Array) => boolean
  /** Told of all that is counted: see NETWORK_COUNTS. */
  readonly count?: Count
}
