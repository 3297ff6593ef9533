// One epoch: the state, what the chain says and what verifiers posted, in; the next state and its attestation, out.
// A pure function: whoever has the same inputs computes the same bytes.
import { selectEnrolments } from '../enrolment.ts'
import type { Facts } from '../facts.ts'
import type { Inputs } from '../inputs.ts'
import type { Attestation } from '../messages.ts'
import { type PagedState, pageState } from '../state/pages.ts'
import type { State } from '../state/state.ts'
import type { Verify } from '../verify.ts'
import type { Work } from '../work.ts'
import type { Workforce } from '../workforce.ts'
import { admissionInput, admittedOf } from './admitted.ts'
import { attest } from './attest.ts'
import { applyFacts, recordDeal, rulesOf } from './chain-facts.ts'
import { chargeJobs } from './charge.ts'
import { type Due, dueStints } from './checks.ts'
import { endLeases, finishJobs, slash } from './close.ts'
import { Credits } from './credits.ts'
import { EpochDealer } from './deal-due.ts'
import { type Draft, draftOf, stateOf } from './draft.ts'
import { type Earned, earnedBy } from './earned.ts'
import { enrol, hasEffect } from './enrol.ts'
import { payFees } from './fees.ts'
import { fillBonds } from './fill-bonds.ts'
import { fixWorkforce } from './fix-workforce.ts'
import { judgeTasks } from './judge.ts'
import { decideStints } from './outcomes.ts'
import { pruneNodes } from './prune.ts'
import { Reports } from './reports.ts'
import { settleRows } from './settle-rows.ts'
import { shownBy } from './shown.ts'
import { forgetSkills, skillsAsked } from './skills.ts'
import { type AdmittedStints, admitStints } from './stints.ts'
import { weighEvidence } from './weigh-evidence.ts'

/** What decides besides the protocol: the kinds of work, and the check of signatures in evidence. */
export interface Ports {
  readonly work: Work
  readonly verify: Verify
}

export interface Epoch {
  readonly state: State
  readonly facts: Facts
  readonly inputs: Inputs
  readonly ports: Ports
}

export interface Applied {
  readonly state: State
  /** Of three epochs from now. */
  readonly workforce: Workforce
  readonly attestation: Attestation
  /** The state's pages, as the attestation names them. */
  readonly paged: PagedState
  /** What each stint came to. */
  readonly earned: readonly Earned[]
}

export function applyEpoch(epoch: Epoch): Applied {
  const { facts, inputs, ports } = epoch
  const { params } = facts
  const rules = rulesOf(facts)
  const draft = draftOf(epoch.state)
  const { stints, equivocations } = takeIn(draft, epoch)
  const credits = new Credits(draft)
  const reports = new Reports(inputs.reports)
  const undecided = [...draft.carried, ...stints]
  const { failed, offences } = weighEvidence(draft, {
    facts,
    work: ports.work,
    reports,
    shown: shownBy({ state: epoch.state, facts, reports: inputs.reports, verify: ports.verify }),
    equivocations,
    stints: undecided,
    credits,
  })
  const due = dueStints(draft, facts, stints)
  const paid = decideStints(draft, { facts, reports, due, failed, credits })
  const entries = settleRows(draft, paid, rules)
  const known = admittedOf(admissionInput(facts, inputs), inputs.known, (data) => data.known)
  judgeTasks(draft, { facts, work: ports.work, known, entries })
  const charges = chargeJobs(draft, { facts, rules, entries })
  endLeases(draft)
  fillBonds(draft, { facts, pays: charges.pays, credits })
  payFees(draft, { charges, paid, settler: inputs.settler, credits })
  credits.settle()
  const twoReveals = inputs.twoReveals.map(({ verifierId }) => ({
    verifier: verifierId,
    bps: params.slashTwoRevealsBps,
  }))
  slash(draft, facts, [...offences, ...twoReveals])
  finishJobs(draft, ports.work)
  const asked = skillsAsked(draft, rules, ports.work)
  forgetSkills(draft, asked)
  const workforce = fixWorkforce(draft, facts, { rules, work: ports.work, asked })
  draft.workforces = [...draft.workforces.slice(1), workforce]
  pruneNodes(draft, facts)
  const state = stateOf(draft)
  const paged = pageState(state)
  const earned = earnedBy(paid, entries)
  return { state, workforce, attestation: attest({ facts, inputs, state, paged }), paged, earned }
}

/** Steps 1 to 3: what was dealt, who enters, and what was admitted of their work. */
function takeIn(draft: Draft, { facts, inputs, ports }: Epoch): AdmittedStints {
  const rules = rulesOf(facts)
  applyFacts(draft, facts)
  const deals = draft.dealt.map(({ deal }) => deal)
  recordDeal(draft, new EpochDealer({ sources: { ...draft, deals }, facts, work: ports.work }).deal)
  const enrolments = admittedOf(admissionInput(facts, inputs), inputs.enrolments, (data) => data.enrolments)
  const effective = enrolments.filter((input) => hasEffect(draft, input, facts.params))
  enrol(draft, selectEnrolments(effective, facts.params.maxEnrolments))
  return admitStints(draft, { facts, rules, work: ports.work, inputs })
}

/** The stints that this epoch decides on, and who checks each: what a verifier asks before it checks. */
export function surveyEpoch(epoch: Epoch): readonly Due[] {
  const draft = draftOf(epoch.state)
  const { stints } = takeIn(draft, epoch)
  return dueStints(draft, epoch.facts, stints)
}
