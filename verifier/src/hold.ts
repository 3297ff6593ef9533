// Hold: says on chain that a job's spec and all that it needs are here. When enough verifiers say so, it opens.
import { addressOf, bytesOf, type FoundJob } from '@piecework/chain'
import type { UploadAnswer, UploadQuestion } from '@piecework/network'
import { equalBytes, ZERO_HASH } from '@piecework/protocol'
import { type Kinds, readJobSpec, WorkError } from '@piecework/work'
import type { VerifierContent } from './common/content.ts'
import { isAllowList, isContent } from './common/hashes.ts'
import { type Moment, openEpochs, sealedEpochs, seatOf } from './common/moment.ts'
import { refused } from './errors.ts'
import type { Offers } from './offers.ts'

/** Between two tries to fetch from others what an upload brought only to them. */
const FETCH_SLOTS = 5

export interface HoldPorts {
  readonly voteKey: Uint8Array
  readonly content: VerifierContent
  readonly kinds: Kinds
  readonly offers: Offers
  /** Of the chain, as of the newest slot. */
  readonly onChain: () => readonly FoundJob[]
}

interface Needs {
  /** All that is known to be needed so far. */
  readonly hashes: readonly Uint8Array[]
  readonly missing: readonly Uint8Array[]
  /** Undefined while the spec is not here. */
  readonly isUsable: boolean | undefined
}

export class Hold {
  readonly #ports: HoldPorts
  /** Slots of the last tries to fetch, by job address. */
  readonly #triedAt = new Map<string, number>()
  readonly #held = new Set<string>()

  constructor(ports: HoldPorts) {
    this.#ports = ports
  }

  async see(moment: Moment): Promise<undefined> {
    const { offers, onChain, voteKey } = this.#ports
    const seated = [...sealedEpochs(moment), ...openEpochs(moment)].find(
      (epoch) => seatOf(epoch, addressOf(voteKey)) !== undefined,
    )
    const id = seated === undefined ? undefined : seatOf(seated, addressOf(voteKey))?.seat.id
    const waiting = onChain().filter(({ openSlot, closeSlot }) => openSlot === 0 && closeSlot === 0)
    this.#forget(new Set(waiting.map(({ address }) => address)))
    const offered = new Set<string>()
    for (const job of waiting) {
      const isSaid = id === undefined || job.holders.slice(0, job.holderCount).includes(id)
      if (seated === undefined || isSaid || !(await this.#isHeld(job, moment))) continue
      offered.add(job.address)
      offers.put({ what: 'holding', epoch: seated.number, job: bytesOf(job.address) })
    }
    offers.keepHoldings(offered)
  }

  /** Only what a job with a deposit names is taken. */
  async upload({ job: address, bytes }: UploadQuestion): Promise<UploadAnswer> {
    const { content, onChain } = this.#ports
    const job = onChain().find((one) => one.address === addressOf(address))
    if (job === undefined) throw refused('there is no such job on chain')
    const { hashes } = await this.#needs(job)
    const hash = hashes.find((one) => isContent(one, bytes) || isAllowList(one, bytes))
    if (hash === undefined)
      throw refused('the job needs no such bytes: send its spec first, then what the spec names')
    await content.keep(hash, bytes)
    const { missing, isUsable } = await this.#needs(job)
    if (isUsable === false)
      throw refused('its spec is none that can be worked with: correct it, and make another job')
    return { hash, complete: missing.length === 0 }
  }

  /** Jobs that do not wait any more. */
  #forget(waiting: ReadonlySet<string>): void {
    for (const address of this.#held) if (!waiting.has(address)) this.#held.delete(address)
    for (const address of this.#triedAt.keys()) if (!waiting.has(address)) this.#triedAt.delete(address)
  }

  async #isHeld(job: FoundJob, { slot }: Moment): Promise<boolean> {
    if (this.#held.has(job.address)) return true
    const { missing, isUsable } = await this.#needs(job)
    if (missing.length === 0 && isUsable === true) {
      this.#held.add(job.address)
      return true
    }
    if (missing.length > 0 && slot >= (this.#triedAt.get(job.address) ?? 0) + FETCH_SLOTS) {
      this.#triedAt.set(job.address, slot)
      await this.#ports.content.fetch(missing)
    }
    return false
  }

  async #needs({ specHash, allowRoot, workKind }: FoundJob): Promise<Needs> {
    const { content, kinds } = this.#ports
    const lists = equalBytes(allowRoot, ZERO_HASH) ? [] : [allowRoot]
    const spec = await content.stored(specHash)
    if (spec === undefined) return { hashes: [specHash], missing: [specHash], isUsable: undefined }
    const named = needsOf(spec, { kinds, workKind })
    const hashes = [specHash, ...(named ?? []), ...lists]
    const missing: Uint8Array[] = []
    for (const hash of hashes) if (!(await content.has(hash))) missing.push(hash)
    return { hashes, missing, isUsable: named !== undefined }
  }
}

/** Undefined for a spec that nobody can work with. */
function needsOf(
  bytes: Uint8Array,
  { kinds, workKind }: { readonly kinds: Kinds; readonly workKind: number },
): readonly Uint8Array[] | undefined {
  try {
    const { kind, job } = readJobSpec(bytes, kinds)
    return kind.id === workKind ? job.needs() : undefined
  } catch (error) {
    if (error instanceof WorkError) return undefined
    throw error
  }
}
