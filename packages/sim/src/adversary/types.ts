// What an adversary is: an attack played against the real code, the figure it reaches, and the bar that holds it.
import type { Measured } from '../bench/types.ts'

/** 'short' is what `npm test` can afford on a small machine; 'full' is the size the bars were set for. */
export type Size = 'short' | 'full'

export interface Adversary {
  /** Its number in the table of adversaries. */
  readonly number: number
  readonly name: string
  /** One sentence: who attacks, with what, and what must hold. */
  readonly about: string
  readonly run: (size: Size) => Promise<Measured>
}
