// Asks the verifiers what they want on chain, about once a slot while the chain takes something from them. One that is
// slow holds up nobody: it is waited for once, and its answer is taken whenever it comes.
import type { Log } from '@piecework/api'
import type { Address, Time } from '@piecework/chain'
import type { Offer } from '@piecework/network'
import type { Tally } from './tally.ts'
import type { Verifiers } from './verifiers.ts'

export interface GatherOptions {
  readonly verifiers: Verifiers
  readonly time: Time
  readonly log: Log
  readonly tally: Tally
  /** So long an answer is waited for. */
  readonly patienceMs: number
  readonly stopped: AbortSignal
}

export class Gather {
  readonly #options: GatherOptions
  readonly #offers = new Map<Address, readonly Offer[]>()
  readonly #asking = new Set<Address>()
  /** Did not answer in time when it was asked last. */
  readonly #slow = new Set<Address>()

  constructor(options: GatherOptions) {
    this.#options = options
  }

  /** What it wanted when it answered last. */
  offersOf(voteKey: Address): readonly Offer[] {
    return this.#offers.get(voteKey) ?? []
  }

  /** Ends when all have answered who usually do in time, or patience has. */
  async ask(voteKeys: readonly Address[]): Promise<void> {
    const { time, patienceMs, stopped } = this.#options
    const asked = voteKeys.filter((voteKey) => !this.#asking.has(voteKey))
    const answers = asked.map((voteKey) => ({ voteKey, answer: this.#ask(voteKey) }))
    const quick = answers.filter(({ voteKey }) => !this.#slow.has(voteKey))
    const done = new AbortController()
    const patience = time.wait(patienceMs, AbortSignal.any([done.signal, stopped]))
    await Promise.race([Promise.all(quick.map(({ answer }) => answer)), patience])
    done.abort()
    for (const { voteKey } of quick) if (this.#asking.has(voteKey)) this.#slow.add(voteKey)
  }

  /** Forgets who has no seat any more. */
  keep(voteKeys: ReadonlySet<Address>): void {
    for (const known of [this.#offers, this.#slow])
      for (const voteKey of known.keys()) if (!voteKeys.has(voteKey)) known.delete(voteKey)
  }

  async #ask(voteKey: Address): Promise<void> {
    const { verifiers, log, tally } = this.#options
    this.#asking.add(voteKey)
    try {
      const offers = await verifiers.offers(voteKey)
      this.#offers.set(voteKey, offers)
      this.#slow.delete(voteKey)
    } catch (error) {
      // It is asked again; until then what it said before may still be so.
      tally.refused('no-offers')
      log.debug('no-offers', { voteKey, message: error instanceof Error ? error.message : String(error) })
    } finally {
      this.#asking.delete(voteKey)
    }
  }
}
