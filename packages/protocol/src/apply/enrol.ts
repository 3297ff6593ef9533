// Step 2: nodes enter, renew and leave.

import { equalBytes } from '../bytes.ts'
import type { Params } from '../facts.ts'
import type { EnrolmentInput } from '../inputs.ts'
import type { Enrolment } from '../messages.ts'
import { leadingZeroBits } from '../stamp.ts'
import { NEVER, type NodeRecord } from '../state/state.ts'
import { at, changeOwner, type Draft, type Mutable, ownerFor } from './draft.ts'

/** Only what would change something takes one of the epoch's places: old enrolments can be sent again by anybody. */
export function hasEffect(draft: Draft, input: EnrolmentInput, { stampBits }: Params): boolean {
  const { enrolment, byWallet, stampHash } = input
  // Verifiers may have listed it while less was asked for: that must not stop an epoch.
  if (leadingZeroBits(stampHash) < stampBits) return false
  if (enrolment.expiresAtEpoch < draft.epoch) return false
  const index = draft.nodeOfKey().find(enrolment.nodeKey)
  if (index === undefined) return byWallet && enrolment.kinds.length > 0 && mayEnter(draft, enrolment)
  const node = at(draft.nodes, index)
  const sameWallet = !byWallet || equalBytes(enrolment.wallet, at(draft.owners, node.owner).wallet)
  return enrolment.nonce > node.nonce && sameWallet
}

/** What the wallet's pruned nodes signed once was used up. */
function mayEnter(draft: Draft, { wallet, nonce }: Enrolment): boolean {
  const owner = draft.ownerOfWallet().find(wallet)
  return owner === undefined || nonce >= at(draft.owners, owner).enterFrom
}

/** `chosen` are the enrolments that enter, in their order. */
export function enrol(draft: Draft, chosen: readonly EnrolmentInput[]): void {
  for (const input of chosen) {
    const index = draft.nodeOfKey().find(input.enrolment.nodeKey)
    if (index === undefined) enter(draft, input)
    else renew(draft, at(draft.nodes, index), input)
  }
}

function enter(draft: Draft, { enrolment }: EnrolmentInput): void {
  const owner = ownerFor(draft, enrolment.wallet)
  setLimits(draft, owner, enrolment)
  const index = draft.nodes.push({
    nodeKey: enrolment.nodeKey,
    owner,
    ...claims(enrolment),
    bond: 0n,
    vouched: 0n,
    held: 0n,
    enrolledAt: draft.epoch,
    lastRow: NEVER,
    failedAt: NEVER,
    barredUntil: NEVER,
    history: [],
  })
  draft.nodeOfKey().add(index - 1)
}

/** The wallet never changes; what it allows a carrier changes only with its own signature. */
function renew(draft: Draft, node: Mutable<NodeRecord>, { enrolment, byWallet }: EnrolmentInput): void {
  Object.assign(node, claims(enrolment), { enrolledAt: draft.epoch })
  if (byWallet) setLimits(draft, node.owner, enrolment)
}

function claims({
  kinds,
  attributes,
  expiresAtEpoch,
  nonce,
}: Enrolment): Pick<NodeRecord, 'kinds' | 'attributes' | 'expiresAtEpoch' | 'nonce'> {
  return { kinds, attributes, expiresAtEpoch, nonce }
}

function setLimits(draft: Draft, owner: number, { minAmount, maxFee }: Enrolment): void {
  changeOwner(draft, owner, { minAmount, maxFee })
}
