// What the chain takes from verifiers in a slot, and from whom it is still missing. Pure: a state in, windows out.
import { type Epoch, inMask, type NetworkState, type Seat, seatsOf } from '@piecework/chain'
import { drawProposer, equalBytes, ZERO_HASH } from '@piecework/protocol'

export type Wanted = 'inventory' | 'commit' | 'proposal' | 'vote'

export interface Window {
  readonly what: Wanted
  readonly epoch: Epoch
  /** Whose is missing. */
  readonly missing: readonly Seat[]
  /** From here on every one goes alone, so that one that does not answer costs nobody else the phase. */
  readonly halfway: number
  /** Slots of the phase: how long there is to ask again. */
  readonly slots: number
}

/** The windows that are open in a slot, in the order in which they matter: what holds up the oldest epoch first. */
export function windowsAt({ network, epochs }: NetworkState, slot: number): readonly Window[] {
  return epochs.flatMap((epoch) => {
    if (epoch.state === 'open') return inventories(epoch, slot)
    if (epoch.state !== 'sealed') return []
    const settling = epoch.number === network.lastFinal + 1
    return [...commits(epoch, slot), ...(settling ? roundOf(epoch, slot) : [])]
  })
}

function inventories(epoch: Epoch, slot: number): readonly Window[] {
  const { endsAt, grace, inventory, target, inventoryMask } = epoch
  if (slot < endsAt || slot >= target) return []
  const halfway = endsAt + grace + inventory / 2
  return window({
    what: 'inventory',
    epoch,
    halfway,
    slots: inventory,
    missing: lacking(epoch, inventoryMask),
  })
}

function commits(epoch: Epoch, slot: number): readonly Window[] {
  const { commit, commitMask } = epoch
  const from = commitsFrom(epoch)
  if (slot < from || slot >= from + commit) return []
  const halfway = from + commit / 2
  return window({ what: 'commit', epoch, halfway, slots: commit, missing: lacking(epoch, commitMask) })
}

/** A proposal until there is one, then votes until they are enough: more of them decide nothing. */
function roundOf(epoch: Epoch, slot: number): readonly Window[] {
  const { roundFrom, roundSlots, votedSlot, voteMask } = epoch
  if (slot < roundFrom || votedSlot !== 0) return []
  const halfway = roundFrom + roundSlots / 2
  return hasCandidate(epoch)
    ? window({ what: 'vote', epoch, halfway, slots: roundSlots, missing: lacking(epoch, voteMask) })
    : window({ what: 'proposal', epoch, halfway, slots: roundSlots, missing: proposer(epoch) })
}

function window(one: Window): readonly Window[] {
  return one.missing.length === 0 ? [] : [one]
}

export function hasCandidate({ candidate }: Epoch): boolean {
  return !equalBytes(candidate.attestation, ZERO_HASH)
}

export function commitsFrom({ sealedSlot, challenge }: Epoch): number {
  return sealedSlot + challenge
}

function lacking(epoch: Epoch, mask: bigint): readonly Seat[] {
  return seatsOf(epoch).filter((_, place) => !inMask(mask, place))
}

function proposer(epoch: Epoch): readonly Seat[] {
  const { seed, round } = epoch
  const drawn = drawProposer({ seed, round, candidates: seatsOf(epoch) })
  return seatsOf(epoch).filter(({ id }) => id === drawn)
}
