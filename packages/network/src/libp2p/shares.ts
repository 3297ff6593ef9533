// What friends and strangers share of something bounded: places for questions, memory for what they bring. Whoever it is
// gets more while he has less than is left, and strangers together leave a quarter to friends: however many keys and
// addresses somebody has, those whom the chain or the operator names are still heard.
import { FairShare } from './fair-share.ts'

/** Of all there is, for strangers together. */
const FOR_STRANGERS = 3 / 4

export type Release = () => void

export interface Taker {
  /** Hexadecimal of its key. */
  readonly peer: string
  /** Under which its share is counted: its own, or that of all who come from where it comes from. */
  readonly share: string
  /** Whether the chain or the operator names it. */
  readonly isFriend: boolean
}

export class Shares {
  readonly #all: FairShare
  readonly #strangers: FairShare

  constructor(amount: number) {
    this.#all = new FairShare(amount)
    this.#strangers = new FairShare(Math.floor(amount * FOR_STRANGERS))
  }

  /** What gives it back, which counts once; undefined when it would be more than the share. */
  take({ share, isFriend }: Taker, amount: number): Release | undefined {
    const bounds = isFriend ? [this.#all] : [this.#all, this.#strangers]
    if (!bounds.every((bound) => bound.mayTake(share, amount))) return undefined
    for (const bound of bounds) bound.take(share, amount)
    let released = false
    return () => {
      if (released) return
      released = true
      for (const bound of bounds) bound.give(share, amount)
    }
  }
}
