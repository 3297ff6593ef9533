// Evidence as a verifier would have it, and reports that carry it.
import type { Contributor } from '@piecework/testkit'
import type { Epoch } from '../../src/apply/apply.ts'
import type { ReportInput } from '../../src/inputs.ts'
import type { Evidence } from '../../src/messages.ts'
import { at } from './chain.ts'

/** What a row of this node was, opened: its first of that epoch, if no other is named. */
export function openedRow(contributor: Contributor, epoch: number, row = 0): Evidence {
  const sent = contributor.sent.get(epoch)
  const batch = at(sent?.batches ?? [], 0)
  const opening = contributor.opening(epoch, batch, row)
  if (opening === undefined) throw new RangeError(`the test has no opening of row ${row}`)
  return { what: 'row', first: batch.signed, second: new Uint8Array(), row, ...opening }
}

/** The epoch with evidence in the report of one verifier. */
export function withEvidence(epoch: Epoch, verifierId: number, evidence: readonly Evidence[]): Epoch {
  const reports = epoch.inputs.reports.map((input): ReportInput => {
    if (input.report.verifierId !== verifierId) return input
    return { ...input, report: { ...input.report, evidence: [...input.report.evidence, ...evidence] } }
  })
  return { ...epoch, inputs: { ...epoch.inputs, reports } }
}
