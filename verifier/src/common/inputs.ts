// What was held of an epoch, as the protocol takes it: of the inventories and reports that somebody chose.
import { fromHex, type Known, type RawInputs, splitReveal, toHex } from '@piecework/protocol'
import { readKnown } from '@piecework/work'
import type { Proposal } from '../proposal.ts'
import type { EpochWork } from './epoch-work.ts'

export interface Choice extends Omit<Proposal, 'attestation'> {
  readonly round: number
}

/** Only what is here is given: whether it is all that was chosen, `lacking` says. */
export function rawInputs(work: EpochWork, choice: Choice, isOpened: (known: Known) => boolean): RawInputs {
  const { round, settler, inventories, reveals, others } = choice
  const held = inventories.flatMap((id) => work.inventories.get(id) ?? [])
  const listed = new Set(held.flatMap(({ data }) => data.enrolments.map(toHex)))
  const listedKnown = new Set(held.flatMap(({ data }) => data.known.map(toHex)))
  return {
    round,
    settler,
    inventories: held.map(({ parts }) => parts),
    batches: [...work.batches.values()].map(({ signed }) => signed),
    enrolments: [...work.enrolments].flatMap(([name, signed]) => (listed.has(name) ? [signed] : [])),
    reveals: reveals.flatMap((verifierId) => {
      const bytes = work.reveals.get(verifierId)?.bytes
      return bytes === undefined ? [] : [{ verifierId, bytes }]
    }),
    otherReports: others.flatMap(({ commit }) => {
      const other = work.others.get(toHex(commit))
      return other === undefined
        ? []
        : [{ verifierId: other.verifierId, bytes: splitReveal(other.bytes).signed }]
    }),
    known: [...work.known].flatMap(([name, { bytes }]) => {
      const known = listedKnown.has(name) ? readKnown(bytes).known : undefined
      return known !== undefined && isOpened(known) ? [{ hash: fromHex(name), known }] : []
    }),
  }
}

/** What of a choice is not here yet. */
export function lacking(work: EpochWork, { inventories, reveals, others }: Choice): readonly string[] {
  return [
    ...inventories.filter((id) => !work.inventories.has(id)).map((id) => `inventory of verifier ${id}`),
    ...reveals.filter((id) => !work.reveals.has(id)).map((id) => `report of verifier ${id}`),
    ...others
      .filter(({ commit }) => !work.others.has(toHex(commit)))
      .map(({ verifierId }) => `second report of verifier ${verifierId}`),
  ]
}
