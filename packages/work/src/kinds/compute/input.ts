// The input of task i, as the module reads it: u32(length of shared) || shared || its piece.
import { concat, u32le } from '@piecework/protocol'
import { WorkError } from '../../errors.ts'
import type { Content } from '../../kind.ts'
import type { ComputeSpec } from './spec.ts'

const LINE_FEED = 10

export async function inputOf(
  { shared, pieces }: ComputeSpec,
  index: number,
  content: Content,
): Promise<Uint8Array> {
  const before = shared === undefined ? new Uint8Array() : await content.get(shared)
  const piece = pieces.each === 'index' ? u32le(index) : lineOf(await content.get(pieces.of), index)
  return concat([u32le(before.length), before, piece])
}

/** Without its end. A line feed at the end of the text begins no line. */
function lineOf(text: Uint8Array, index: number): Uint8Array {
  let start = 0
  for (let line = 0; start < text.length; line++) {
    const feed = text.indexOf(LINE_FEED, start)
    const end = feed < 0 ? text.length : feed
    if (line === index) return text.subarray(start, end)
    start = end + 1
  }
  throw new WorkError('task/none', `There is no task ${index}: the job's text has fewer lines.`, { index })
}
