// What a world is made of, as a test writes it down; and what its parts see of it.
import type { Job, KindRules, Params, State, Work } from '@piecework/protocol'
import type { Behaviour, Contributor } from './contributor.ts'
import type { VerifierBehaviour } from './verifier.ts'

export interface WorldOptions {
  /** Worlds of one name are the same. */
  readonly name: string
  readonly params?: Partial<Params>
  readonly kinds?: readonly KindRules[]
  readonly work?: Work
  /** Real signatures, checked. */
  readonly signs?: boolean
  /** What checkers measure of a node, in millionths. */
  readonly measured?: Measure
  readonly contributors?: readonly ContributorPlan[]
  readonly verifiers?: readonly VerifierPlan[]
}

export type Measure = (job: number, node: number) => number

export interface ContributorPlan {
  readonly behaviour?: Behaviour
  /** Nodes with the same number share a wallet. */
  readonly wallet?: number
  /** In the genesis state, which lists it if this is given. */
  readonly vouched?: bigint
  readonly capacity?: number
}

export interface VerifierPlan {
  readonly stake: bigint
  readonly behaviour?: VerifierBehaviour
}

export type JobPlan = Partial<Omit<Job, 'index'>> & { readonly opensDuringEpoch?: boolean }

export const DEFAULT_CAPACITY = 20

/** A world as contributors and verifiers see it. */
export interface Scene {
  readonly networkId: Uint8Array
  readonly state: State
  readonly kinds: readonly KindRules[]
  readonly contributors: readonly Contributor[]
  readonly verifiers: readonly VerifierPlan[]
  readonly measured: Measure
  readonly seed: (epoch: number) => Uint8Array
}
