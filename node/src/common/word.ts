// What verifiers with more than a third of the stake say of this node.
import type { NodeStanding, StintResult } from '@piecework/network'

export interface Word {
  /** The newest epoch whose results are known. */
  readonly epoch: number
  /** Undefined while it is not enrolled. */
  readonly standing: NodeStanding | undefined
  /** Ascending by epoch. */
  readonly results: readonly StintResult[]
}
