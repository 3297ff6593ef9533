import type { Address } from '../address.ts'
import { struct } from '../codec/compound.ts'
import { address, epochNumber, flag, u8, u32, u64 } from '../codec/scalars.ts'
import type { AccountForm, InNetwork } from './form.ts'

export interface Verifier extends InNetwork {
  /** Once its stake has moved here from the roster. */
  readonly retired: boolean
  readonly id: number
  readonly operator: Address
  readonly voteKey: Address
  /** What is left of the stake, once retired; before, the roster's entry holds it. */
  readonly stake: bigint
  /** Once retired: first epoch it had no seat in, -1 if it never had one. Infinity before. */
  readonly exitEpoch: number
  /** Amount of its slashes leaf that has been applied. */
  readonly slashed: bigint
  /** Epoch in which it was last slashed; -1: never. */
  readonly slashEpoch: number
  /** What may still be slashed in slashEpoch. */
  readonly slashRoom: bigint
}

export const verifierForm: AccountForm<Verifier> = {
  kind: 3,
  layout: struct<Verifier>('Verifier', {
    kind: u8,
    version: u8,
    bump: u8,
    retired: flag,
    id: u32,
    network: address,
    operator: address,
    voteKey: address,
    stake: u64,
    exitEpoch: epochNumber,
    slashed: u64,
    slashEpoch: epochNumber,
    slashRoom: u64,
  }),
}
