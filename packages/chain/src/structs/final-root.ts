import { struct } from '../codec/compound.ts'
import type { Layout } from '../codec/layout.ts'
import { epochNumber, hash, natural } from '../codec/scalars.ts'
import { type LedgerRoot, ledgerRootLayout } from './ledger-root.ts'

export interface FinalRoot {
  readonly epoch: number
  /** In which it was finalised. */
  readonly slot: number
  readonly attestation: Uint8Array
  readonly accounts: LedgerRoot
  readonly jobs: LedgerRoot
  readonly slashes: LedgerRoot
}

export const finalRootLayout: Layout<FinalRoot> = struct<FinalRoot>('FinalRoot', {
  epoch: epochNumber,
  slot: natural,
  attestation: hash,
  accounts: ledgerRootLayout,
  jobs: ledgerRootLayout,
  slashes: ledgerRootLayout,
})
