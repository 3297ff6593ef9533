// Known: takes in the known answers that keepers open while an epoch's intake is open. Nobody signs them: that their
// job's spec committed to them is all that counts.
import type { FoundJob } from '@piecework/chain'
import type { Received, RuleId } from '@piecework/network'
import { equalBytes, INVENTORY_HASHES, type Known, knownCodec, messageHash, toHex } from '@piecework/protocol'
import { type Kinds, type KnownSpec, knownHolds, readJobSpec, WorkError } from '@piecework/work'
import type { VerifierContent } from './common/content.ts'
import type { EpochWork } from './common/epoch-work.ts'
import type { Epochs } from './common/epochs.ts'
import { readOrNothing } from './common/read-or-nothing.ts'

/** A keeper opens all of an epoch's at once: further ones of a job are parts of that, which anybody could cut. */
const OF_A_JOB = 8

export interface KnownPorts {
  readonly networkId: Uint8Array
  readonly epochs: Epochs
  readonly content: VerifierContent
  readonly kinds: Kinds
  /** Of the chain, as of the newest slot. */
  readonly onChain: () => readonly FoundJob[]
}

/** What is sound is listed in the epoch's inventory. */
export async function judgeKnown(ports: KnownPorts, { bytes }: Received): Promise<RuleId> {
  const known = readOrNothing(() => knownCodec.decode(bytes))
  if (known === undefined) return 'malformed'
  if (!equalBytes(known.networkId, ports.networkId)) return 'wrong-network'
  const work = ports.epochs.get(known.epoch)
  if (work === undefined) return 'too-early'
  const name = toHex(messageHash('pw/known', ports.networkId, bytes))
  const before = refusalOf(work, known, name)
  if (before !== undefined) return before
  const committed = await committedIn(ports, known)
  if (committed === undefined) return 'busy'
  if (!knownHolds(committed, known)) return 'not-committed'
  // The inventory may have been made meanwhile.
  const after = refusalOf(work, known, name)
  if (after === undefined) work.known.set(name, bytes)
  return after ?? 'sound'
}

function refusalOf(work: EpochWork, { job }: Known, name: string): RuleId | undefined {
  if (work.closed) return 'too-old'
  if (work.known.has(name)) return 'duplicate'
  const others = [...work.known.values()].filter((bytes) => knownCodec.decode(bytes).job === job)
  return others.length >= OF_A_JOB || work.known.size >= INVENTORY_HASHES ? 'too-many' : undefined
}

/** What the job's spec committed to; undefined where it is not here, or is no spec of the job's kind. */
async function committedIn(
  { onChain, content, kinds }: KnownPorts,
  { job: index }: Known,
): Promise<KnownSpec | undefined> {
  const job = onChain().find((one) => one.index === index)
  const bytes = job === undefined ? undefined : await content.stored(job.specHash)
  if (bytes === undefined) return undefined
  try {
    const { kind, known } = readJobSpec(bytes, kinds)
    return kind.id === job?.workKind ? known : undefined
  } catch (error) {
    if (error instanceof WorkError) return undefined
    throw error
  }
}
