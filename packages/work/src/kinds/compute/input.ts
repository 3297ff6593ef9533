// The input of task i, as the module reads it: u32(length of shared) || shared || its piece.
import { concat, u32le } from '@piecework/protocol'
import { pieceOf } from '../../content/pieces.ts'
import type { Content } from '../../kind.ts'
import type { ComputeSpec } from './spec.ts'

export async function inputOf(
  { shared, pieces }: ComputeSpec,
  index: number,
  content: Content,
): Promise<Uint8Array> {
  const before = shared === undefined ? new Uint8Array() : await content.get(shared)
  return concat([u32le(before.length), before, await pieceOf(pieces, index, content)])
}
