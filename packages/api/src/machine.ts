// What every main takes of its machine.
import { randomBytes as bytesOfChance } from 'node:crypto'
import type { RandomBytes } from './key-file.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'

/** Where a daemon says what it does, and counts it. */
export interface Watched {
  readonly log: Log
  readonly metrics: Metrics
}

export const randomBytes: RandomBytes = (bytes) => new Uint8Array(bytesOfChance(bytes))
