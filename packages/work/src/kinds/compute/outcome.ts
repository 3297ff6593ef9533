// The output of a compute task: how the run ended, the fuel it used, and what the module put out.
import { concat, readU64, u64le } from '@piecework/protocol'
import { ENDINGS, type Ending } from '../../sandbox/sandbox.ts'

/** A byte for the ending, eight for the fuel. */
export const OUTCOME_HEADER_BYTES = 9

export interface Outcome {
  readonly ending: Ending
  readonly fuelUsed: bigint
  readonly output: Uint8Array
}

export function writeOutcome({ ending, fuelUsed, output }: Outcome): Uint8Array {
  return concat([Uint8Array.of(ENDINGS.indexOf(ending)), u64le(fuelUsed), output])
}

/** Undefined for bytes that are none. */
export function readOutcome(bytes: Uint8Array): Outcome | undefined {
  const ending = ENDINGS[bytes[0] ?? ENDINGS.length]
  if (ending === undefined || bytes.length < OUTCOME_HEADER_BYTES) return undefined
  return { ending, fuelUsed: readU64(bytes, 1), output: bytes.slice(OUTCOME_HEADER_BYTES) }
}
