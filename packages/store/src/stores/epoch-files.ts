// What a verifier has to have of an epoch, by a name: its inventory, report and proposals, or what became of each stint.
// It has no quota: what an epoch may have is bounded by the protocol, and no content of a job takes its place.
import { BULK, epochs, keyOf, u64be } from '../records/keys.ts'
import type { Records } from '../records/records.ts'

export interface EpochFile {
  readonly name: string
  readonly bytes: Uint8Array
}

export interface EpochFiles {
  /** Durable when it resolves, all or none; what had a name before is forgotten. */
  keep(epoch: number, files: readonly EpochFile[]): Promise<void>
  /** Undefined for a damaged one too. */
  find(epoch: number, name: string): Promise<Uint8Array | undefined>
  prune(before: number): Promise<void>
}

export function epochFiles(records: Records, section: 'duties' | 'results'): EpochFiles {
  const keyIn = (epoch: number, name: string): Uint8Array =>
    keyOf(BULK[section], u64be(epoch), new TextEncoder().encode(name))
  return {
    keep: (epoch, files) =>
      records.transact(async (transaction) => {
        for (const { name, bytes } of files) transaction.put(keyIn(epoch, name), bytes)
      }),
    find: (epoch, name) => records.wholeOf(keyIn(epoch, name)),
    async prune(before) {
      await records.clear(epochs(BULK[section], 0, Math.max(0, before)))
    },
  }
}
