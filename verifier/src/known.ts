// Known: takes in the known answers that keepers open while an epoch's intake is open: signed by the keeper whom their
// job's spec names, and all that they open committed to there.
import type { FoundJob } from '@piecework/chain'
import type { Received, RuleId } from '@piecework/network'
import { equalBytes, toHex } from '@piecework/protocol'
import { isByKeeper, type Kinds, type KnownSpec, knownHolds, readKnown, readSpecOf } from '@piecework/work'
import type { VerifierContent } from './common/content.ts'
import type { EpochWork } from './common/epoch-work.ts'
import type { Epochs } from './common/epochs.ts'
import type { HeldKnown } from './common/known-room.ts'
import { readOrNothing } from './common/read-or-nothing.ts'

export interface KnownPorts {
  readonly networkId: Uint8Array
  readonly epochs: Epochs
  readonly content: VerifierContent
  readonly kinds: Kinds
  /** Of the chain, as of the newest slot. */
  readonly onChain: () => readonly Pick<FoundJob, 'index' | 'openSlot' | 'specHash' | 'workKind'>[]
}

/** What is sound is listed in the epoch's inventory. */
export async function judgeKnown(ports: KnownPorts, { bytes }: Received): Promise<RuleId> {
  const signed = readOrNothing(() => readKnown(bytes))
  if (signed === undefined) return 'malformed'
  const { known } = signed
  if (!equalBytes(known.networkId, ports.networkId)) return 'wrong-network'
  const work = ports.epochs.get(known.epoch)
  if (work === undefined) return 'too-early'
  const name = toHex(signed.hash)
  const held = { job: known.job, bytes }
  const before = refusalOf(work, name, held)
  if (before !== undefined) return before
  if (!isByKeeper(signed)) return 'bad-signature'
  const committed = await committedIn(ports, known.job)
  if (committed === undefined) return 'busy'
  if (!knownHolds(committed, known)) return 'not-committed'
  // The inventory may have been made meanwhile, and others may have come.
  const after = refusalOf(work, name, held)
  if (after !== undefined) return after
  work.opened.room.take(held)
  work.opened.names.add(name)
  work.known.set(name, held)
  return 'sound'
}

function refusalOf({ closed, opened }: EpochWork, name: string, held: HeldKnown): RuleId | undefined {
  if (closed) return 'too-old'
  if (opened.names.has(name)) return 'duplicate'
  return opened.room.has(held) ? undefined : 'too-many'
}

/** What an open job's spec committed to; undefined where it is not here, or is no spec of the job's kind. */
async function committedIn(
  { onChain, content, kinds }: KnownPorts,
  index: number,
): Promise<KnownSpec | undefined> {
  const job = onChain().find((one) => one.index === index)
  // Of others nothing is judged: they would only take room.
  if (job === undefined || job.openSlot === 0) return undefined
  const bytes = await content.stored(job.specHash)
  return bytes && readSpecOf(job.workKind, bytes, kinds)?.known
}
