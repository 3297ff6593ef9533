// A bounded number of places for all, shared without knowing who will come: somebody gets more while he has less than is
// free. One alone gets half of them, of k who want all they can get each gets one part in k + 1, and who has none
// finds one. So a crowd behind one address is served while there is room, and shuts nobody out.

export class FairShare {
  readonly #places: number
  readonly #held = new Map<string, number>()
  #taken = 0

  constructor(places: number) {
    this.#places = places
  }

  get taken(): number {
    return this.#taken
  }

  /** Whether somebody has less than is left to all; of several at once, whether he had so even for the last of them. */
  mayTake(name: string, places = 1): boolean {
    return (this.#held.get(name) ?? 0) + places <= this.#places - this.#taken
  }

  /** Also beyond the share: who wants it kept asks `mayTake` first. */
  take(name: string, places = 1): void {
    this.#held.set(name, (this.#held.get(name) ?? 0) + places)
    this.#taken += places
  }

  /** As many as were taken at once. */
  give(name: string, places = 1): void {
    const left = (this.#held.get(name) ?? 0) - places
    if (left > 0) this.#held.set(name, left)
    else this.#held.delete(name)
    this.#taken -= places
  }
}
