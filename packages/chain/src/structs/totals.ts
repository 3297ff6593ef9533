import { struct } from '../codec/compound.ts'
import type { Layout } from '../codec/layout.ts'
import { u64 } from '../codec/scalars.ts'

/** Cumulative, in base units of the mint. claimed <= paid <= charged; charged + refunded <= deposited. */
export interface Totals {
  readonly deposited: bigint
  /** Total of the jobs ledger under the latest final root. */
  readonly charged: bigint
  /** Total of the accounts ledger under the latest final root. */
  readonly paid: bigint
  readonly claimed: bigint
  readonly refunded: bigint
  /** What lies in the stake vault: not cumulative. */
  readonly staked: bigint
  readonly slashed: bigint
}

export const totalsLayout: Layout<Totals> = struct<Totals>('Totals', {
  deposited: u64,
  charged: u64,
  paid: u64,
  claimed: u64,
  refunded: u64,
  staked: u64,
  slashed: u64,
})
