// Writes final roots straight into a network, for tests of what comes after them.
import { emptyRoot, type LedgerRoot, zeroHash } from './ledger.ts'
import type { Network } from './network.ts'
import type { World } from './world.ts'

/** The ring of kept roots. */
const keptRoots = 16n

export type Roots = {
  readonly epoch: bigint
  /** In which it was finalised; the slot of now when left out. */
  readonly slot?: bigint
  readonly attestation?: Uint8Array
  readonly accounts?: LedgerRoot
  readonly jobs?: LedgerRoot
  readonly slashes?: LedgerRoot
}

/** Makes this the latest final root, with the totals that `finalize` would leave. */
export function putRoots(world: World, network: Network, roots: Roots): void {
  const { epoch, accounts = emptyRoot, jobs = emptyRoot, slashes = emptyRoot } = roots
  world.write('Network', network.id, {
    started: 1,
    last_final: epoch,
    'totals.paid': accounts.total,
    'totals.charged': jobs.total,
    [`roots.${epoch % keptRoots}`]: {
      epoch,
      slot: roots.slot ?? world.slot(),
      attestation: roots.attestation ?? zeroHash,
      accounts,
      jobs,
      slashes,
    },
  })
}
