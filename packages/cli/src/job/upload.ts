// Hands a job's spec and inputs to every verifier, until the chain says that enough of them hold it.
import { type Address, bytesOf, read, wantJob } from '@piecework/chain'
import { protocols } from '@piecework/network'
import { until } from '../common/patience.ts'
import type { Verifier, Verifiers } from '../common/verifiers.ts'
import type { Context } from '../context.ts'
import { sentenceOf } from '../errors.ts'
import type { JobFile } from './job-file.ts'

export interface Upload {
  readonly job: Address
  readonly file: Pick<JobFile, 'specBytes' | 'content'>
  readonly patienceMs: number
}

/** The slot that it opened in. */
export async function uploadJob(
  context: Context,
  verifiers: Verifiers,
  { job, file, patienceMs }: Upload,
): Promise<number> {
  const complete = new Set<number>()
  let told = -1
  const patience = { ms: patienceMs, what: 'Opening the job' }
  return until(context, patience, async () => {
    const all = await verifiers.all()
    const lacking = all.filter(({ id }) => !complete.has(id))
    const tried = await Promise.allSettled(lacking.map((one) => handOver(verifiers, one, { job, file })))
    for (const [at, one] of tried.entries()) {
      const id = lacking[at]?.id
      if (one.status === 'fulfilled' && one.value && id !== undefined) complete.add(id)
      if (one.status === 'rejected') context.note(`verifier ${id}: ${sentenceOf(one.reason)}`)
    }
    if (complete.size !== told) context.note(`${complete.size} of ${all.length} verifiers hold the job`)
    told = complete.size
    const { value } = await read(verifiers.chain, { job: wantJob(verifiers.chain.at, job) })
    const openSlot = value.job?.openSlot ?? 0
    return openSlot > 0 ? openSlot : undefined
  })
}

/** The spec first: by it the verifier knows what else belongs to the job. True: it has all. */
async function handOver(
  verifiers: Verifiers,
  verifier: Verifier,
  { job, file }: Pick<Upload, 'job' | 'file'>,
): Promise<boolean> {
  let complete = false
  for (const bytes of [file.specBytes, ...file.content.values()]) {
    const answer = await verifiers.ask(protocols.upload, { job: bytesOf(job), bytes }, verifier)
    complete = answer.complete
  }
  return complete
}
