// An epoch from what somebody chose of it: the same code for who proposes and for who votes. Nothing is computed twice.
import {
  applyEpoch,
  attestationHash,
  checkInputs,
  type Facts,
  factsCodec,
  type Inputs,
  type State,
  surveyEpoch,
  toHex,
  verifySignature,
} from '@piecework/protocol'
import type { EpochFiles } from '@piecework/store'
import { VerifierError } from '../errors.ts'
import { proposalCodec } from '../proposal.ts'
import type { Computed, EpochWork } from './epoch-work.ts'
import { type Choice, lacking, rawInputs } from './inputs.ts'
import { type Jobs, jobsOf } from './jobs.ts'

export interface ToCompute {
  readonly work: EpochWork
  readonly state: State
  readonly facts: Facts
  readonly choice: Choice
}

export interface ComputePorts {
  readonly jobs: Jobs
  readonly duties: EpochFiles
}

export function proposalName(hash: Uint8Array): string {
  return `proposal ${toHex(hash)}`
}

export const FACTS_NAME = 'facts'

/** What it is based on is on disk when this resolves, so that it can be served. */
export async function computeEpoch(ports: ComputePorts, asked: ToCompute): Promise<Computed> {
  const { work, state, facts, choice } = asked
  const missing = lacking(work, choice)
  if (missing.length > 0) {
    const message = `Epoch ${work.number} can't be computed without ${missing.join(', ')}: they are asked for again.`
    throw new VerifierError('inventory/incomplete', message, { epoch: work.number })
  }
  const inputs = await inputsOf(ports, asked)
  const judged = await ports.jobs.judge({ state, facts, reports: inputs.reports })
  const epoch = { state, facts, inputs, ports: judged }
  const applied = applyEpoch(epoch)
  const { settler, inventories, reveals, others } = choice
  const proposal = { attestation: applied.attestation, settler, inventories, reveals, others }
  const bytes = proposalCodec.encode(proposal)
  const hash = attestationHash(applied.attestation)
  await ports.duties.keep(work.number, [
    { name: FACTS_NAME, bytes: factsCodec.encode(facts) },
    { name: proposalName(hash), bytes },
  ])
  const computed = { proposal, bytes, hash, applied, facts, due: surveyEpoch(epoch) }
  work.computed.set(toHex(hash), computed)
  return computed
}

/** Checked, with the specs of open jobs at hand. */
async function inputsOf({ jobs }: ComputePorts, { work, state, facts, choice }: ToCompute): Promise<Inputs> {
  const open = jobsOf(state, facts)
  await jobs.load(open)
  return checkInputs(rawInputs(work, choice, jobs.opened(open, facts)), {
    state,
    facts,
    verify: verifySignature,
    isIntact: (hash) => work.batches.has(toHex(hash)),
  })
}

/** The proposal of the epoch's final attestation. */
export const FINAL_NAME = 'final'
