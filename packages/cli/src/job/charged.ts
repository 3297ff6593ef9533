// What a job was charged, as the newest final ledger says.
import type { FoundJob } from '@piecework/chain'
import { type ProvenLeaf, protocols } from '@piecework/network'
import { stateOf } from '../common/chain.ts'
import type { Verifiers } from '../common/verifiers.ts'
import { requesterOf } from './find.ts'

export interface Charged {
  readonly epoch: number
  readonly leaf: ProvenLeaf
}

/** Undefined while no final root knows of the job. Its proof counts on chain alone: here it is shown, not believed. */
export async function chargedOf(verifiers: Verifiers, job: FoundJob): Promise<Charged | undefined> {
  const { lastFinal } = (await stateOf(verifiers.chain)).network
  if (lastFinal < 0) return undefined
  const question = { ledger: 'jobs', owner: requesterOf(job), index: job.index } as const
  const heard = await verifiers.askThoseWhoKnow(protocols.ledger, question)
  const known = heard.flatMap(({ answer: { epoch, leaves } }) => leaves.map((leaf) => ({ epoch, leaf })))
  return known.sort((a, b) => a.epoch - b.epoch).at(-1)
}
