// What a verifier works with, made by the main.
import type { Log } from '@piecework/api'
import type { Chain, Time } from '@piecework/chain'
import type { Network } from '@piecework/network'
import type { SigningKey } from '@piecework/protocol'
import type { Store } from '@piecework/store'
import type { Kinds, Sandbox } from '@piecework/work'

export interface VerifierPorts {
  readonly chain: Chain
  readonly network: Network
  readonly store: Store
  readonly sandbox: Sandbox
  readonly kinds: Kinds
  /** The vote key: signs reports, posts and votes, and names this verifier in the network. */
  readonly key: SigningKey
  /** Bytes of the file of the genesis state; needed where nobody else has it. */
  readonly genesis?: Uint8Array | undefined
  /** Bytes of the parameters of kinds, as the genesis state. */
  readonly rules?: Uint8Array | undefined
  readonly time: Time
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Bytes that nobody can guess. */
  readonly randomBytes: (length: number) => Uint8Array
  /** Bytes an epoch for measuring links, in each direction; 0: none is measured. */
  readonly measureBytes: number
  /** Milliseconds that only grow, by which links are measured; left out: those of `time`. */
  readonly stopwatch?: (() => number) | undefined
  readonly log: Log
}
