// What makes the tasks of a job differ: line i of a text, block i of a file, or the number i itself.
import { u32le } from '@piecework/protocol'
import { z } from 'zod'
import { WorkError } from '../errors.ts'
import type { Content } from '../kind.ts'
import { hash } from './hash.ts'
import { lineOf } from './lines.ts'

/** A tile, a short recording: each task copies its block into a process. */
const BLOCK_BYTES = 1_048_576

export type Pieces =
  | { readonly each: 'line'; readonly of: Uint8Array }
  | { readonly each: 'block'; readonly of: Uint8Array; readonly bytes: number }
  | { readonly each: 'index' }

export const pieces: z.ZodType<Pieces> = z
  .discriminatedUnion('each', [
    z.strictObject({ each: z.literal('line'), of: hash.describe('SHA-256 of a text') }),
    z.strictObject({
      each: z.literal('block'),
      of: hash.describe('SHA-256 of a file'),
      bytes: z.int().min(1).max(BLOCK_BYTES).describe('of each block; the last one may be shorter'),
    }),
    z.strictObject({ each: z.literal('index') }),
  ])
  .describe(
    'what makes tasks differ: line i of a text, block i of a file, or the number i itself (u32, little-endian)',
  )

export function neededFor(all: Pieces): readonly Uint8Array[] {
  return all.each === 'index' ? [] : [all.of]
}

export async function pieceOf(all: Pieces, index: number, content: Content): Promise<Uint8Array> {
  if (all.each === 'index') return u32le(index)
  const whole = await content.get(all.of)
  if (all.each === 'line') return lineOf(whole, index)
  const from = index * all.bytes
  if (from < whole.length) return whole.subarray(from, from + all.bytes)
  throw new WorkError('task/none', `There is no task ${index}: the job's file has fewer blocks.`, { index })
}
