import type { Address } from '../address.ts'
import { gap, struct } from '../codec/compound.ts'
import { address, epochNumber, natural, u8, u64 } from '../codec/scalars.ts'
import { type LedgerName, ledgerName } from '../words.ts'
import type { AccountForm, InNetwork } from './form.ts'

export interface Dispute extends InNetwork {
  readonly ledger: LedgerName
  readonly disputer: Address
  /** Of the candidate; the leaf is proven under the root of the epoch before. */
  readonly epoch: number
  readonly index: number
  readonly amount: bigint
  readonly owner: Address
}

export const disputeForm: AccountForm<Dispute> = {
  kind: 7,
  layout: struct<Dispute>('Dispute', {
    kind: u8,
    version: u8,
    bump: u8,
    ledger: ledgerName,
    padding: gap(4),
    network: address,
    disputer: address,
    epoch: epochNumber,
    index: natural,
    amount: u64,
    owner: address,
  }),
}
