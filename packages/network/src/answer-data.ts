// The other end of fetching: as much of what is asked for as one answer holds.
import { DATA_FULL_BYTES } from './limits.ts'
import type { DataAnswer, DataQuestion } from './questions.ts'

/** In the order of the question, until the answer is full. One thing is in it however long it is. */
export async function answerData(
  { hashes }: Pick<DataQuestion, 'hashes'>,
  find: (hash: Uint8Array) => Promise<Uint8Array | undefined>,
): Promise<DataAnswer> {
  const found: (Uint8Array | undefined)[] = []
  let bytes = 0
  for (const hash of hashes) {
    const item = await find(hash)
    bytes += item?.length ?? 0
    // What does not fit is asked for again.
    if (bytes > DATA_FULL_BYTES && found.length > 0) break
    found.push(item)
    if (bytes > DATA_FULL_BYTES) break
  }
  return { found }
}
