import { struct } from '../codec/compound.ts'
import type { Layout } from '../codec/layout.ts'
import { hash } from '../codec/scalars.ts'
import { type LedgerRoot, ledgerRootLayout } from './ledger-root.ts'

/** What the round's proposer proposed; all zero: nothing yet. */
export interface Candidate {
  readonly attestation: Uint8Array
  readonly accounts: LedgerRoot
  readonly jobs: LedgerRoot
  readonly slashes: LedgerRoot
}

export const candidateLayout: Layout<Candidate> = struct<Candidate>('Candidate', {
  attestation: hash,
  accounts: ledgerRootLayout,
  jobs: ledgerRootLayout,
  slashes: ledgerRootLayout,
})
