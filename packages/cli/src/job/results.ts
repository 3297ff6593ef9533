// Results of a job: each verifier holds those of the stints that it checked; together they hold all that was paid.
import type { FoundJob } from '@piecework/chain'
import { protocols, type TaskResult } from '@piecework/network'
import { toHex } from '@piecework/protocol'
import { type Kinds, type OpenJob, readJobSpec } from '@piecework/work'
import { sha256 } from '../common/sha256.ts'
import type { Answered, Verifier, Verifiers } from '../common/verifiers.ts'
import { CliError } from '../errors.ts'

/** One line of the file. */
export interface ResultRow {
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

/** The spec, from whoever has the bytes of its hash. */
export async function openJobOf(verifiers: Verifiers, job: FoundJob, kinds: Kinds): Promise<OpenJob> {
  const question = { sort: 'content', hashes: [job.specHash] } as const
  const bytes = await verifiers.first(protocols.data, question, ({ found: [bytes] }) =>
    bytes !== undefined && toHex(sha256(bytes)) === toHex(job.specHash) ? bytes : undefined,
  )
  if (bytes === undefined) throw new CliError('notYet', 'No verifier has the spec of this job yet.')
  return readJobSpec(bytes, kinds).job
}

/** From the epoch `from` on; what several verifiers hold comes once. */
export async function gatherResults(
  verifiers: Verifiers,
  { job, open, from }: { readonly job: FoundJob; readonly open: OpenJob; readonly from: number },
): Promise<Gathered> {
  const rows = new Map<string, ResultRow>()
  const first = await verifiers.askAll(protocols.results, { job: job.index, epoch: from, after: 0 })
  const settled = Math.min(...first.map(({ answer }) => answer.settled))
  const tried = await Promise.allSettled(
    first.map(async ({ verifier }: Answered<unknown>) => {
      for (let epoch = from; epoch <= settled; epoch += 1) {
        for await (const result of resultsOf(verifiers, verifier, { job: job.index, epoch })) {
          const row = rowOf(result, epoch, open)
          rows.set(keyOfRow(row), row)
        }
      }
    }),
  )
  // One that went away meanwhile may have held what nobody else has: the next look finds it.
  const isWhole = tried.every(({ status }) => status === 'fulfilled')
  return { settled: isWhole ? settled : from - 1, rows: [...rows.values()].sort(byTask) }
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

function rowOf(
  { task, node, units, at, batch, row, output }: TaskResult,
  epoch: number,
  open: OpenJob,
): ResultRow {
  return { task, node, units, at, epoch, batch: toHex(batch), row, output: open.result(output) }
}

function byTask(a: ResultRow, b: ResultRow): number {
  return a.task - b.task || a.epoch - b.epoch
}
