import { struct } from '../codec/compound.ts'
import type { Layout } from '../codec/layout.ts'
import { hash, natural, u64 } from '../codec/scalars.ts'

export interface LedgerRoot {
  readonly root: Uint8Array
  readonly count: number
  readonly total: bigint
}

export const ledgerRootLayout: Layout<LedgerRoot> = struct<LedgerRoot>('LedgerRoot', {
  root: hash,
  count: natural,
  total: u64,
})
