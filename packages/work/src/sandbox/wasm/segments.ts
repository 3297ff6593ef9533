// How a function is divided while it is rewritten.
import type { Check } from './added-code.ts'
import type { FunctionType } from './module.ts'

/** Code that is paid for in one place. */
export interface Segment {
  readonly place: number
  readonly check: Check
  cost: number
}

export interface Block {
  readonly opcode: number
  /** Operands below it. */
  readonly base: number
  readonly type: FunctionType
  /** The segment in which it stands, and the one that begins with it. */
  readonly around: Segment
  readonly own: Segment
  /** Branches in the function before it. */
  readonly branches: number
}
