// A clock that moves when a test says so.

export class HandClock {
  #slot: number

  constructor(slot = 0) {
    this.#slot = slot
  }

  slot(): number {
    return this.#slot
  }

  tick(slots = 1): void {
    this.#slot += slots
  }
}
