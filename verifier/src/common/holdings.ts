// Which jobs have all of their content here, and what the others lack from other verifiers. A job is looked at again only
// when something of it may have come: those that nobody uploads cost next to nothing, however many there are.
import type { FoundJob } from '@piecework/chain'
import type { Fetched, JobContent } from './job-content.ts'

/** Jobs at once: each may have one upload, of up to 16 MB, in memory. */
const FETCHES = 4
/** Between two tries to fetch from others what an upload brought only to them, as long as something comes. */
const FETCH_SLOTS = 5
/** Twice as long after each try in vain, up to about a minute; so long at once when there was no room. */
const LONGEST_SLOTS = 150

interface Standing {
  readonly is: 'held' | 'unusable' | 'incomplete'
  /** Slots from the last try to fetch to the next one. */
  readonly pause: number
  readonly fetchFrom: number
}

export class Holdings {
  readonly #jobContent: JobContent
  /** By job address, of those that were looked at. An unusable spec stays one: the job names it by its hash. */
  readonly #standings = new Map<string, Standing>()
  /** Something of these may have come since they were looked at. */
  readonly #changed = new Set<string>()
  /** Longest due first; of the newest slot. */
  #due: FoundJob[] = []
  #slot = 0
  readonly #fetching = new Set<string>()
  readonly #lanes = new Set<Promise<void>>()
  #failed: { readonly error: unknown } | undefined

  constructor(jobContent: JobContent) {
    this.#jobContent = jobContent
  }

  retain(addresses: ReadonlySet<string>): void {
    for (const kept of [this.#standings, this.#changed])
      for (const address of kept.keys()) if (!addresses.has(address)) kept.delete(address)
  }

  changed({ address }: Pick<FoundJob, 'address'>): void {
    this.#changed.add(address)
  }

  async isHeld(job: FoundJob): Promise<boolean> {
    const { address } = job
    const known = this.#standings.get(address)
    const isChanged = this.#changed.delete(address)
    if (known !== undefined && (!isChanged || known.is !== 'incomplete')) return known.is === 'held'
    const needs = await this.#jobContent.needs(job)
    const isWhole = needs.missing.length === 0 && needs.isUsable === true
    const is =
      needs.isUsable === false
        ? 'unusable'
        : isWhole && (await this.#jobContent.pin(needs))
          ? 'held'
          : 'incomplete'
    this.#standings.set(address, { pause: 0, fetchFrom: 0, ...this.#standings.get(address), is })
    return is === 'held'
  }

  /** Goes on by itself: no job waits for what others lack. Throws what went wrong since it was called last. */
  fetch(jobs: readonly FoundJob[], slot: number): void {
    this.#slot = slot
    const fromOf = ({ address }: FoundJob): number => {
      const standing = this.#standings.get(address)
      return standing?.is === 'incomplete' && !this.#fetching.has(address) ? standing.fetchFrom : Infinity
    }
    this.#due = jobs.filter((job) => fromOf(job) <= slot).sort((a, b) => fromOf(a) - fromOf(b))
    for (let free = Math.min(FETCHES - this.#lanes.size, this.#due.length); free > 0; free--) {
      const lane = this.#work().finally(() => this.#lanes.delete(lane))
      this.#lanes.add(lane)
    }
    const failed = this.#failed
    this.#failed = undefined
    if (failed !== undefined) throw failed.error
  }

  /** Begins no other fetch before the next slot, and ends when those that run have. */
  async idle(): Promise<void> {
    this.#due = []
    await Promise.all(this.#lanes)
  }

  async #work(): Promise<void> {
    for (let job = this.#due.shift(); job !== undefined; job = this.#due.shift()) {
      this.#fetching.add(job.address)
      try {
        this.#note(job, await this.#jobContent.fetch(job))
      } catch (error) {
        this.#failed = { error }
        this.#note(job, 'nothing')
      } finally {
        this.#fetching.delete(job.address)
      }
    }
  }

  #note({ address }: FoundJob, fetched: Fetched): void {
    const standing = this.#standings.get(address)
    if (standing === undefined) return
    const longer = Math.min(LONGEST_SLOTS, Math.max(FETCH_SLOTS, 2 * standing.pause))
    const pause = { something: FETCH_SLOTS, nothing: longer, 'no room': LONGEST_SLOTS, unusable: 0 }[fetched]
    const is = fetched === 'unusable' ? fetched : standing.is
    this.#standings.set(address, { is, pause, fetchFrom: this.#slot + pause })
    if (fetched === 'something') this.#changed.add(address)
  }
}
