// What a bandwidth job says: how much is sent, and what is good enough for the whole score.
import { z } from 'zod'

interface Bounds {
  readonly least: number
  readonly most: number
  readonly usual: number
}

/** Less is over before a connection has found its speed; more costs the contributor and its checkers too much. */
export const BYTES: Bounds = { least: 65_536, most: 16_777_216, usual: 4_194_304 }
/** Of an epoch: each costs a node its `bytes` in both directions, for each of its checkers. */
export const MOMENTS: Bounds = { least: 1, most: 8, usual: 2 }
const MEGABITS = 10_000
const LATENCY_MS = 10_000

export interface BandwidthSpec {
  readonly bytes: number
  readonly megabits: number
  readonly latencyMs: number
  readonly moments: number
}

export const bandwidthSpec: z.ZodType<BandwidthSpec> = z.strictObject({
  bytes: z
    .int()
    .min(BYTES.least)
    .max(BYTES.most)
    .default(BYTES.usual)
    .describe('sent to the node and back in one measurement'),
  megabits: z
    .number()
    .positive()
    .max(MEGABITS)
    .describe(
      'a second, in both directions at once and with the way there and back, that give the whole score; half as many give half',
    ),
  latencyMs: z
    .number()
    .positive()
    .max(LATENCY_MS)
    .describe('until the first bytes are back, that gives the whole score; twice as long gives half'),
  moments: z
    .int()
    .min(MOMENTS.least)
    .max(MOMENTS.most)
    .default(MOMENTS.usual)
    .describe('of an epoch at which each checker measures; a node that is not there gets nothing for it'),
})
