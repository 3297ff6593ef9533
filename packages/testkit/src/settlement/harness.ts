// A chain that a test drives, and who pays on it.
import type { Address, Chain, Signer } from '@piecework/chain'

export interface Harness {
  readonly chain: Chain
  /** The network that the chain is of, which is not made yet. */
  readonly creator: Signer
  readonly nameHash: Uint8Array
  readonly mint: Address
  /** Has SOL, and a token account of the mint with a million. */
  readonly payer: Signer
  /** A key that has nothing. */
  readonly key: (name: string) => Signer
  tick(slots: number): Promise<void>
  /** Ticks until it is settled. */
  during<T>(work: Promise<T>): Promise<T>
  stop(): Promise<void>
}
