// All jobs of a network that are still on chain.
import { type Job, jobForm } from '../accounts/job.ts'
import { type Address, bytesOf } from '../address.ts'
import type { AsOf, BytesAt, Chain, Commitment } from '../port.ts'
import { wantJob } from './accounts.ts'

export interface FoundJob extends Job {
  readonly address: Address
}

/** Work on it may be dealt and signed. */
export function isOpen({ openSlot, closeSlot }: Pick<Job, 'openSlot' | 'closeSlot'>): boolean {
  return openSlot > 0 && closeSlot === 0
}

function fieldAt(name: string): number {
  return jobForm.layout.fields?.find((field) => field.name === name)?.offset ?? 0
}

function jobsOf(network: Address): readonly BytesAt[] {
  return [
    { offset: fieldAt('kind'), bytes: Uint8Array.of(jobForm.kind) },
    { offset: fieldAt('network'), bytes: bytesOf(network) },
  ]
}

/** Ascending by index. */
export async function readJobs(
  chain: Chain,
  { requester, commitment }: { readonly requester?: Address; readonly commitment?: Commitment } = {},
): Promise<AsOf<readonly FoundJob[]>> {
  const { at } = chain
  const ours = requester === undefined ? [] : [{ offset: fieldAt('requester'), bytes: bytesOf(requester) }]
  const search = { size: jobForm.layout.size, matches: [...jobsOf(at.network), ...ours] }
  const { slot, value } = await chain.search(search, commitment)
  const jobs = value.map(({ address, account }) => ({ ...wantJob(at, address).decode(account), address }))
  return { slot, value: jobs.sort((a, b) => a.index - b.index) }
}
