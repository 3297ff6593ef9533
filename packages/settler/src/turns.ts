// Several settlers at once do no harm, but pay for what another has done. So as long as others show themselves, each waits
// a part of the slot that its key and the slot decide: who is first changes from slot to slot, and the others' sendings
// are refused before they cost anything.
import { createHash } from 'node:crypto'
import type { Time } from '@piecework/chain'
import { u64le } from '@piecework/protocol'

/** Others that were not heard of for so many slots are gone: a minute or so. */
const REMEMBERED_SLOTS = 150
/** The last half of a slot is for those who go last to land in it. */
const LONGEST_WAIT = 0.5

export interface TurnsOptions {
  readonly key: Uint8Array
  readonly slotMs: number
  readonly time: Time
}

export class Turns {
  readonly #options: TurnsOptions
  #othersUntil = 0

  constructor(options: TurnsOptions) {
    this.#options = options
  }

  /** Something was done in this slot that this settler did not do. */
  sawOthers(slot: number): void {
    this.#othersUntil = Math.max(this.#othersUntil, slot + REMEMBERED_SLOTS)
  }

  /** Milliseconds that this settler lets others go first in a slot. */
  delay(slot: number): number {
    if (slot >= this.#othersUntil) return 0
    const [first = 0] = createHash('sha256')
      .update(this.#options.key)
      .update(u64le(BigInt(slot)))
      .digest()
    return (first / 256) * LONGEST_WAIT * this.#options.slotMs
  }

  async wait(slot: number, stopped: AbortSignal): Promise<void> {
    const delay = this.delay(slot)
    if (delay > 0) await this.#options.time.wait(delay, stopped)
  }
}
