// Step 14: the ledgers, the state's pages, and the attestation over all of it.
import { concat, u32le } from '../bytes.ts'
import { factsHash } from '../codecs/facts.ts'
import type { Facts } from '../facts.ts'
import { h, ZERO_HASH } from '../hash.ts'
import type { Inputs } from '../inputs.ts'
import { rootOf } from '../ledger-tree.ts'
import type { Attestation, LedgerRoot } from '../messages.ts'
import { type Ledger, ledgersOf } from '../state/ledgers.ts'
import type { PagedState } from '../state/pages.ts'
import type { State } from '../state/state.ts'

export interface AttestInput {
  readonly facts: Facts
  readonly inputs: Inputs
  readonly state: State
  readonly paged: PagedState
}

export function attest({ facts, inputs, state, paged }: AttestInput): Attestation {
  const { networkId, epoch } = state
  const { nodesRoot, workforceRoot, stateHash } = paged
  const ledgers = ledgersOf(state)
  return {
    networkId,
    epoch,
    round: inputs.round,
    seed: facts.seed,
    factsHash: factsHash(facts),
    inputsRoot: inputsRoot(facts, inputs),
    previous: facts.previous,
    accounts: ledgerRoot(ledgers.accounts),
    jobs: ledgerRoot(ledgers.jobs),
    slashes: ledgerRoot(ledgers.slashes),
    nodesRoot,
    workforceRoot,
    stateHash,
  }
}

function ledgerRoot({ leaves, count, total }: Ledger): LedgerRoot {
  return { root: rootOf(leaves), count, total }
}

/** Everything that a proposer chose. What inventories list follows from their roots: those that are included are whole. */
export function inputsRoot(facts: Facts, { settler, inventories, reports, twoReveals }: Inputs): Uint8Array {
  const postedBy = new Map(facts.posted.map(({ verifierId, inventory }) => [verifierId, inventory]))
  return h(
    'pw/inputs',
    settler,
    byVerifier(
      inventories.map(({ header: { verifierId } }) => [verifierId, postedBy.get(verifierId) ?? ZERO_HASH]),
    ),
    byVerifier(reports.map(({ report, hash }) => [report.verifierId, hash])),
    byVerifier(twoReveals.map(({ verifierId, other }) => [verifierId, other])),
  )
}

/** Ascending, whatever the order in which they came. */
function byVerifier(entries: readonly (readonly [verifierId: number, bytes: Uint8Array])[]): Uint8Array {
  const ascending = [...entries].sort(([a], [b]) => a - b)
  return concat([u32le(entries.length), ...ascending.flatMap(([id, bytes]) => [u32le(id), bytes])])
}
