// Gather, its part on known answers: those that an inventory of others lists, a few at a time, and no more than an
// honest one can list. Whether their job's spec committed to them is asked when the epoch is computed: before that
// verifiers could see different jobs, and count different inventories.
import type { Address } from '@piecework/chain'
import { equalBytes, toHex } from '@piecework/protocol'
import { readKnown } from '@piecework/work'
import type { EpochWork } from './common/epoch-work.ts'
import { isKnown } from './common/hashes.ts'
import { type HeldKnown, KNOWN_MESSAGES, KnownRoom } from './common/known-room.ts'
import type { Others } from './common/others.ts'

/** Sixteen of the longest are as much as an epoch may have. */
const AT_ONCE = 16

export interface GatherKnownPorts {
  readonly networkId: Uint8Array
  readonly others: Others
}

export interface ListedKnown {
  readonly hashes: readonly Uint8Array[]
  /** Who is asked before the others. */
  readonly first: readonly Address[]
}

/** Whether all of it is here now, of this network and epoch, and within what one inventory may list. */
export async function gatherKnown(
  { networkId, others }: GatherKnownPorts,
  work: EpochWork,
  { hashes, first }: ListedKnown,
): Promise<boolean> {
  if (hashes.length > KNOWN_MESSAGES) return false
  const room = new KnownRoom()
  for (let at = 0; at < hashes.length; at += AT_ONCE) {
    const asked = hashes.slice(at, at + AT_ONCE)
    const missing = asked.filter((hash) => !work.known.has(toHex(hash)))
    const found = await others.fetch({ sort: 'known', hashes: missing, first, isRight: isKnown })
    for (const name of asked.map(toHex)) {
      const held = work.known.get(name) ?? heldOf(found.get(name), networkId, work.number)
      if (held === undefined || !room.take(held)) return false
      work.known.set(name, held)
    }
  }
  return true
}

function heldOf(bytes: Uint8Array | undefined, networkId: Uint8Array, epoch: number): HeldKnown | undefined {
  if (bytes === undefined) return undefined
  const { known } = readKnown(bytes)
  return known.epoch === epoch && equalBytes(known.networkId, networkId)
    ? { job: known.job, bytes }
    : undefined
}
