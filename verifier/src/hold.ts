// Hold: says on chain that a job's spec and all that it needs are here. When enough verifiers say so, it opens. Lets go
// of what no job needs any more.
import { addressOf, bytesOf, type FoundJob, paramsOf } from '@piecework/chain'
import type { UploadAnswer, UploadQuestion } from '@piecework/network'
import { type State, toHex } from '@piecework/protocol'
import { sha256 } from './common/hashes.ts'
import { Holdings } from './common/holdings.ts'
import type { JobContent, NamesContent } from './common/job-content.ts'
import { isNeeded, type Jobs } from './common/jobs.ts'
import { type Moment, openEpochs, sealedEpochs, seatOf } from './common/moment.ts'
import type { States } from './common/states.ts'
import { refused } from './errors.ts'
import type { Offers } from './offers.ts'

export interface HoldPorts {
  readonly voteKey: Uint8Array
  readonly jobContent: JobContent
  readonly jobs: Jobs
  readonly states: States
  readonly offers: Offers
  /** Parameters of kinds that are not on chain yet, maybe. */
  readonly rules?: Uint8Array | undefined
  /** Of the chain, as of the newest slot. */
  readonly onChain: () => readonly FoundJob[]
}

export class Hold {
  readonly #ports: HoldPorts
  readonly #holdings: Holdings
  /** Epoch of the state that was looked at last for jobs that need nothing any more, and those that did then. */
  #looked: { readonly epoch: number; readonly needed: ReadonlySet<string> } | undefined

  constructor(ports: HoldPorts) {
    this.#ports = ports
    this.#holdings = new Holdings(ports.jobContent)
  }

  async see(moment: Moment): Promise<undefined> {
    const { offers, onChain, voteKey } = this.#ports
    const seated = [...sealedEpochs(moment), ...openEpochs(moment)].find(
      (epoch) => seatOf(epoch, addressOf(voteKey)) !== undefined,
    )
    const id = seated === undefined ? undefined : seatOf(seated, addressOf(voteKey))?.seat.id
    const current = onChain().filter(isCurrent)
    this.#holdings.retain(new Set(current.map(({ address }) => address)))
    const offered = new Set<string>()
    for (const job of current) {
      const isSaid = id === undefined || job.holders.slice(0, job.holderCount).includes(id)
      const isHeld = await this.#holdings.isHeld(job)
      if (seated === undefined || isSaid || !isHeld || job.openSlot !== 0) continue
      offered.add(job.address)
      offers.put({ what: 'holding', epoch: seated.number, job: bytesOf(job.address) })
    }
    offers.keepHoldings(offered)
    await this.#letGo(moment)
    this.#holdings.fetch(current, moment.slot)
  }

  /** Begins no other fetch before the next slot, and ends when those that run have. */
  async idle(): Promise<void> {
    await this.#holdings.idle()
  }

  /** Only what a job with a deposit names is taken. */
  async upload({ job: address, bytes }: UploadQuestion): Promise<UploadAnswer> {
    const { jobContent, onChain } = this.#ports
    const job = onChain().find((one) => one.address === addressOf(address))
    if (job === undefined) throw refused('there is no such job on chain')
    const hash = await jobContent.take(job, bytes)
    this.#holdings.changed(job)
    const { missing } = await jobContent.needs(job)
    return { hash, complete: missing.length === 0 }
  }

  /** Looked at once for each state, and at the start: what ended while it was away goes too. */
  async #letGo({ state: { network } }: Moment): Promise<void> {
    const { states, jobs, jobContent, onChain, rules } = this.#ports
    const state = states.newest
    if (state === undefined || this.#looked?.epoch === state.epoch) return
    const { evidenceEpochs } = paramsOf(network, state.epoch)
    const needed = neededOf(state, { evidenceEpochs, onChain: onChain() })
    const names = new Set(needed.map(nameOf))
    const isLess = [...(this.#looked?.needed ?? [])].some((name) => !names.has(name))
    if (this.#looked === undefined || isLess) {
      const { params, nextParams } = network
      const given = rules === undefined ? [] : [sha256(rules)]
      await jobContent.letGo(needed, [params.kindsHash, nextParams.kindsHash, ...given])
      jobs.retain(needed.map(({ workKind, ...named }) => ({ ...named, kind: workKind })))
    }
    this.#looked = { epoch: state.epoch, needed: names }
  }
}

/** Not closed before it could open. */
function isCurrent({ openSlot, closeSlot }: FoundJob): boolean {
  return openSlot !== 0 || closeSlot === 0
}

interface OnChain {
  readonly evidenceEpochs: number
  readonly onChain: readonly FoundJob[]
}

/** What the chain shows and the state doesn't yet, and what the state still asks about. */
function neededOf(state: State, { evidenceEpochs, onChain }: OnChain): readonly NamesContent[] {
  const unknown = onChain.filter((job) => job.index >= state.jobs.length && isCurrent(job))
  const known = state.jobs.filter((record) => isNeeded(record, { epoch: state.epoch, evidenceEpochs }))
  return [
    ...unknown,
    ...known.map(({ job: { specHash, allowRoot, kind } }) => ({ specHash, allowRoot, workKind: kind })),
  ]
}

function nameOf({ specHash, allowRoot, workKind }: NamesContent): string {
  return `${workKind} ${toHex(specHash)} ${toHex(allowRoot)}`
}
