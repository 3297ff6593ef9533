// The reports of an epoch: each verifier checks what is drawn for it.
import {
  type Checking,
  type Due,
  type Epoch,
  type Evidence,
  type HeldBatch,
  REPORT_EVIDENCE,
  type Report,
  type ReportInput,
  reportCodec,
  reportHash,
  type StintReport,
  surveyEpoch,
} from '@piecework/protocol'
import type { Contributor } from './contributor.ts'
import type { Scene } from './plans.ts'
import { checkStint, denounce } from './verifier.ts'

export function collectReports(world: Scene, epoch: Epoch): ReportInput[] {
  const due = surveyEpoch(epoch)
  const contributors = new Map(world.contributors.map((one) => [one.index, one]))
  const posters = new Set(epoch.inputs.inventories.map(({ header }) => header.verifierId))
  return world.verifiers.flatMap(({ behaviour = {} }, verifierId) => {
    if (!posters.has(verifierId) || behaviour.reports?.(epoch.facts.epoch) === false) return []
    return [reportOf(world, { epoch, due, contributors, verifierId })]
  })
}

interface Reporting {
  readonly epoch: Epoch
  readonly due: readonly Due[]
  readonly contributors: ReadonlyMap<number | undefined, Contributor>
  readonly verifierId: number
}

function reportOf(world: Scene, { epoch, due, contributors, verifierId }: Reporting): ReportInput {
  const { networkId } = world
  const stints: StintReport[] = []
  const evidence: Evidence[] = []
  for (const one of due) {
    const contributor = contributors.get(one.stint.node)
    const { behaviour = {} } = world.verifiers[verifierId] ?? {}
    const isChecker = one.checkers.includes(verifierId)
    const denounces = behaviour.denounces?.(one) === true
    if (contributor === undefined || !(isChecker || denounces)) continue
    const check = {
      epoch: epoch.facts.epoch,
      seed: world.seed(one.stint.epoch),
      verifierId,
      behaviour,
      due: one,
      contributor,
      batches: admittedBatches(contributor, one),
      checkingOf: (job: number) => checkingOf(world, epoch, job),
      measured: world.measured,
    }
    if (denounces) evidence.push(...denounce(check))
    if (!isChecker) continue
    const checked = checkStint(check)
    const said = behaviour.report === undefined ? checked.report : behaviour.report(checked.report, check)
    if (said !== undefined) stints.push(said)
    evidence.push(...checked.evidence)
  }
  const shown = evidence.slice(0, REPORT_EVIDENCE)
  const report: Report = { networkId, epoch: epoch.facts.epoch, verifierId, stints, evidence: shown }
  return { report, hash: reportHash(networkId, reportCodec.encode(report)) }
}

function admittedBatches(contributor: Contributor, { stint }: Due): readonly HeldBatch[] {
  const sent = contributor.sent.get(stint.epoch)
  const head = stint.batches.at(-1)?.hash
  const isAdmitted = (chain: readonly HeldBatch[] | undefined): boolean =>
    chain?.some(({ hash }) => head !== undefined && Buffer.compare(hash, head) === 0) === true
  const chain = isAdmitted(sent?.batches) ? sent?.batches : sent?.other
  return (chain ?? []).slice(0, stint.batches.length)
}

function checkingOf(world: Scene, { state, facts }: Epoch, job: number): Checking {
  const created = facts.created.find(({ index }) => index === job)
  const kind = (state.jobs[job]?.job ?? created)?.kind
  return world.kinds.find((rules) => rules.kind === kind)?.checking ?? 'exact'
}
