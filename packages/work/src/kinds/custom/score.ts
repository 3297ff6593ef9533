// Asks the job's own module what an answer is worth.
import { concat, h, readU32, SCORE_ONE, u32le, u64le, ZERO_HASH } from '@piecework/protocol'
import { pieceOf } from '../../content/pieces.ts'
import type { WorkContext } from '../../kind.ts'
import type { CustomSpec } from './spec.ts'

const SCORE_BYTES = 4

export interface CustomTask {
  readonly spec: CustomSpec
  readonly index: number
}

export interface Scored {
  /** In millionths; nothing where the module ends in another way than by putting out a score. */
  readonly score: number
  readonly trace: Uint8Array
}

export async function scoreOf(
  { spec, index }: CustomTask,
  answer: Uint8Array,
  { sandbox, content, seed }: WorkContext & { readonly seed?: Uint8Array },
): Promise<Scored> {
  const { module: hash, shared, fuel, memoryPages } = spec.check
  const [module, before, piece] = [
    await content.get(hash),
    shared === undefined ? new Uint8Array() : await content.get(shared),
    await pieceOf(spec.pieces, index, content),
  ]
  const ran = await sandbox.run({
    module,
    input: concat([u32le(before.length), before, u32le(piece.length), piece, answer]),
    fuel: BigInt(fuel),
    memoryPages,
    outputBytes: SCORE_BYTES,
    ...(seed && { seed }),
  })
  const said = ran.ending === 'done' && ran.output.length === SCORE_BYTES ? readU32(ran.output, 0) : 0
  const trace = h('pw/trace', u64le(ran.fuelUsed), ran.memory ?? ZERO_HASH)
  return { score: said > SCORE_ONE ? 0 : said, trace }
}

/** An output says what it scores: u32 || answer. So everyone knows its worth, and checkers look whether it is true. */
export function writeOutput(score: number, answer: Uint8Array): Uint8Array {
  return concat([u32le(score), answer])
}

export function readOutput(
  output: Uint8Array,
): { readonly score: number; readonly answer: Uint8Array } | undefined {
  if (output.length < SCORE_BYTES) return undefined
  const score = readU32(output, 0)
  return score > SCORE_ONE ? undefined : { score, answer: output.slice(SCORE_BYTES) }
}
