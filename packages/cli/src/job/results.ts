// Results of a job: each verifier holds those of the stints that it checked; together they hold all that was paid.
import type { FoundJob } from '@piecework/chain'
import { protocols, type TaskResult } from '@piecework/network'
import { toHex } from '@piecework/protocol'
import { type HeldBytes, type Kinds, type OpenJob, readJobSpec, WorkError } from '@piecework/work'
import type { Answered, Verifier, Verifiers } from '../common/verifiers.ts'
import { CliError } from '../errors.ts'
import { type Agreement, agreementsOf } from './agreement.ts'

/** One line of the file. */
export interface ResultRow extends Agreement {
  readonly task: number
  readonly node: number
  readonly units: number
  readonly at: number
  readonly epoch: number
  /** The signed batch, and which of its rows: the receipt. */
  readonly batch: string
  readonly row: number
  readonly output: unknown
}

export interface Gathered {
  /** The newest epoch that all who answered have settled; -1: none. */
  readonly settled: number
  readonly rows: readonly ResultRow[]
}

export function keyOfRow({ task, batch, row }: Pick<ResultRow, 'task' | 'batch' | 'row'>): string {
  return `${task} ${batch} ${row}`
}

/** A job with its spec read, and what its answers are judged with. */
export interface Judging {
  readonly job: FoundJob
  readonly open: OpenJob
  readonly held: HeldBytes
}

/** The spec and what it names, from whoever has the bytes of their hashes. */
export async function judgingOf(verifiers: Verifiers, job: FoundJob, kinds: Kinds): Promise<Judging> {
  const spec = await verifiers.content(job.specHash)
  if (spec === undefined) throw new CliError('notYet', 'No verifier has the spec of this job yet.')
  const open = readJobSpec(spec, kinds).job
  const content = new Map<string, Uint8Array>()
  for (const hash of open.judgesWith()) {
    const bytes = await verifiers.content(hash)
    if (bytes === undefined)
      throw new CliError('notYet', `No verifier has ${toHex(hash)}, which this job names.`)
    content.set(toHex(hash), bytes)
  }
  const bytes = (hash: Uint8Array): Uint8Array => {
    const found = content.get(toHex(hash))
    if (found !== undefined) return found
    throw new WorkError('spec/missing', `The job does not say that it is judged with ${toHex(hash)}.`)
  }
  return { job, open, held: { bytes } }
}

/** Of all epochs, once more is settled than this one; what several verifiers hold comes once. */
export async function gatherResults(
  verifiers: Verifiers,
  judging: Judging,
  beyond: number,
): Promise<Gathered> {
  const { job } = judging
  const answers = new Map<string, FoundAnswer>()
  const first = await verifiers.askAll(protocols.results, { job: job.index, epoch: 0, after: 0 })
  const settled = Math.min(...first.map(({ answer }) => answer.settled))
  if (settled <= beyond) return { settled: beyond, rows: [] }
  const tried = await Promise.allSettled(
    first.map(async ({ verifier }: Answered<unknown>) => {
      for (let epoch = 0; epoch <= settled; epoch += 1) {
        for await (const result of resultsOf(verifiers, verifier, { job: job.index, epoch })) {
          const one = { ...result, epoch, batch: toHex(result.batch) }
          answers.set(keyOfRow(one), one)
        }
      }
    }),
  )
  // One that went away meanwhile may have held what nobody else has: the next look finds it.
  const isWhole = tried.every(({ status }) => status === 'fulfilled')
  const rows = rowsOf(judging, [...answers.values()])
  return { settled: isWhole ? settled : beyond, rows: rows.sort(byTask) }
}

async function* resultsOf(
  verifiers: Verifiers,
  verifier: Verifier,
  { job, epoch }: { readonly job: number; readonly epoch: number },
): AsyncGenerator<TaskResult> {
  for (let after = 0; ; ) {
    const { results } = await verifiers.ask(protocols.results, { job, epoch, after }, verifier)
    if (results.length === 0) return
    yield* results
    after += results.length
  }
}

interface FoundAnswer extends Omit<TaskResult, 'batch'> {
  readonly epoch: number
  readonly batch: string
}

function rowsOf(judging: Judging, answers: readonly FoundAnswer[]): ResultRow[] {
  const { open } = judging
  return [...agreementsOf(judging, answers)].map(([{ output, ...one }, agreement]) => {
    const { task, node, units, at, epoch, batch, row } = one
    return { task, node, units, at, epoch, batch, row, output: open.result(output), ...agreement }
  })
}

function byTask(a: ResultRow, b: ResultRow): number {
  return a.task - b.task || a.epoch - b.epoch
}
