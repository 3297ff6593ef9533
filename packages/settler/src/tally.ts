// What a settler has done since it began, for its status and its metrics.

export type Deed =
  | 'inventories'
  | 'commits'
  | 'holdings'
  | 'proposals'
  | 'votes'
  | 'seals'
  | 'rounds'
  | 'finals'
  | 'pages'
  | 'drops'
  | 'claims'

/** Codes come from lists of fixed length, and from asked ones that are cut off here. */
const MAX_CODES = 200

export class Tally {
  readonly #done = new Map<Deed, number>()
  readonly #refusals = new Map<string, number>()
  /** Somebody else was first: other settlers are at work. */
  already = 0
  feesEarned = 0n

  add(deed: Deed, count: number): void {
    this.#done.set(deed, this.done(deed) + count)
  }

  refused(code: string): void {
    const name = this.#refusals.has(code) || this.#refusals.size < MAX_CODES ? code : 'others'
    this.#refusals.set(name, (this.#refusals.get(name) ?? 0) + 1)
  }

  done(deed: Deed): number {
    return this.#done.get(deed) ?? 0
  }

  get refusals(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#refusals)
  }
}
