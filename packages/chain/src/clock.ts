// What slot it is, between two readings of the cluster.
import type { SlotClock } from './port.ts'
import type { Time } from './ports.ts'

/** How far real slots stray from their usual length, as a share of it: 400 ms are rarely more than 600. */
const DRIFT = 0.5
/** A reading may be this far ahead of what is possible: the moment it was asked at is not the moment it is of. */
const SLACK_SLOTS = 8
/** Readings further apart than this tell how long a slot takes. */
const MEASURED_SLOTS = 16
/** Weight of a new measurement: a few odd ones don't matter. */
const MEASURED_WEIGHT = 0.2

export interface ClockOptions {
  readonly time: Time
  /** Milliseconds of a usual slot. */
  readonly slotMs: number
  /** No slot is shorter; 0: a test moves them by hand. */
  readonly fastestSlotMs: number
}

/** What was answered, by all who had to: the lowest slot, and how far above it others were. */
export interface SlotReading {
  readonly slot: number
  readonly spread: number
}

interface Reading extends SlotReading {
  /** The slot was current at some moment between asking and the answer. */
  readonly asked: number
  readonly answered: number
}

export class EstimatedClock implements SlotClock {
  readonly #time: Time
  readonly #fastestSlotMs: number
  #slotMs: number
  #last: Reading | undefined
  /** A reading from which the length of slots is measured. */
  #anchor: Reading | undefined
  #shown = 0

  constructor({ time, slotMs, fastestSlotMs }: ClockOptions) {
    this.#time = time
    this.#slotMs = slotMs
    this.#fastestSlotMs = fastestSlotMs
  }

  slot(): number {
    if (this.#last !== undefined) this.#shown = Math.max(this.#shown, this.#estimate(this.#last))
    return this.#shown
  }

  uncertainty(): number {
    if (this.#last === undefined) return Infinity
    const { asked, answered, spread } = this.#last
    const drifted = (DRIFT * (this.#time.now() - answered)) / this.#slotMs
    // After the estimate ran ahead, it stands still until the cluster has caught up.
    const ahead = this.slot() - this.#estimate(this.#last)
    return Math.ceil((answered - asked) / this.#slotMs + drifted) + spread + ahead + 1
  }

  /** The largest slot that the cluster can have reached by now. */
  ceiling(): number {
    if (this.#last === undefined || this.#fastestSlotMs === 0) return Infinity
    const { slot, asked, spread } = this.#last
    return slot + spread + Math.ceil((this.#time.now() - asked) / this.#fastestSlotMs) + SLACK_SLOTS
  }

  /** A confirmed slot that the cluster was asked for just now. An older one than is known already says nothing. */
  observe({ slot, spread }: SlotReading, asked: number): void {
    const reading = { slot, spread, asked, answered: this.#time.now() }
    if (this.#last !== undefined && slot < this.#last.slot) return
    this.#measure(reading)
    this.#last = reading
  }

  #estimate({ slot, answered }: Reading): number {
    return slot + Math.floor((this.#time.now() - answered) / this.#slotMs)
  }

  #measure(reading: Reading): void {
    this.#anchor ??= reading
    const slots = reading.slot - this.#anchor.slot
    if (slots < MEASURED_SLOTS) return
    const measured = (reading.answered - this.#anchor.answered) / slots
    this.#anchor = reading
    if (measured > 0) this.#slotMs += MEASURED_WEIGHT * (measured - this.#slotMs)
  }
}
