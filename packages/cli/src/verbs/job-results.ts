// job watch, job results: what comes back.
import { open as openFile, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { FoundJob } from '@piecework/chain'
import { z } from 'zod'
import { decimalsOf, stateOf } from '../common/chain.ts'
import { replace } from '../common/files.ts'
import { flag, optionalText, text, wholeNumber } from '../common/input.ts'
import { installedKinds } from '../common/kinds.ts'
import { tokensOf } from '../common/money.ts'
import { NETWORK_OPTION, placeOf } from '../common/place.ts'
import { type Verifiers, withVerifiers } from '../common/verifiers.ts'
import type { Context } from '../context.ts'
import { CliError, exitOf, sentenceOf } from '../errors.ts'
import { chargedOf } from '../job/charged.ts'
import { jobOf, stateOfJob } from '../job/find.ts'
import { Following } from '../job/following.ts'
import {
  type Gathered,
  gatherResults,
  type Judging,
  judgingOf,
  keyOfRow,
  type ResultRow,
} from '../job/results.ts'
import { FORMATS, fileOf, linesOf } from '../job/table.ts'
import { defineVerb, type Verb } from '../verb.ts'

/** Results come with every settled epoch. */
const LOOK_MS = 2_000

interface Progress {
  readonly job: number
  readonly state: string
  readonly epoch: number | undefined
  readonly charged: string
  readonly deposit: string
  readonly done: boolean
}

async function progressOf(verifiers: Verifiers, job: FoundJob, decimals: number): Promise<Progress> {
  const charged = await chargedOf(verifiers, job)
  return {
    job: job.index,
    state: stateOfJob(job),
    epoch: charged?.epoch,
    charged: tokensOf(charged?.leaf.amount ?? 0n, decimals),
    deposit: tokensOf(job.deposit, decimals),
    done: charged?.leaf.done ?? false,
  }
}

export const watch: Verb = defineVerb({
  words: 'watch <job>',
  about: 'how far a job is, epoch by epoch, until it is closed and nothing of it is out, or Ctrl-C',
  options: [NETWORK_OPTION, { flags: '--once', about: 'say it once, and end' }],
  examples: ['piecework job watch 0 --network pw1...'],
  input: z.object({ job: wholeNumber, network: optionalText, once: flag }),
  async run(context, { job, network, once }) {
    const place = await placeOf(context, network)
    await withVerifiers(context, place, async (verifiers) => {
      const { mint } = (await stateOf(verifiers.chain)).network
      const decimals = await decimalsOf(verifiers.chain, mint)
      let told = ''
      for (;;) {
        const progress = await progressOf(verifiers, await jobOf(verifiers.chain, job), decimals)
        const { state, epoch, charged, deposit } = progress
        const line = `job ${job}: ${state}, ${charged} of ${deposit} charged${epoch === undefined ? '' : ` up to epoch ${epoch}`}`
        if (line !== told) context.print(progress, [line])
        told = line
        if (once || progress.done) return
        await context.io.rpc.time.wait(LOOK_MS)
      }
    })
  },
})

export const results: Verb = defineVerb({
  words: 'results <job>',
  about: 'write the paid results of a job to a file, each with its agreement and its receipt',
  options: [
    NETWORK_OPTION,
    {
      flags: '--format <format>',
      about: 'jsonl: what the file lacks is added; csv or parquet: the file is written anew (jsonl)',
    },
    { flags: '--out <file>', about: 'the file' },
    {
      flags: '--follow',
      about: 'go on as epochs settle, until the job is closed and nothing of it is out, or Ctrl-C',
    },
  ],
  examples: ['piecework job results 0 --network pw1... --out results.jsonl --follow'],
  input: z.object({
    job: wholeNumber,
    network: optionalText,
    out: text,
    follow: flag,
    format: z.enum(FORMATS).default('jsonl'),
  }),
  async run(context, { job, network, out, follow, format }) {
    if (follow && format !== 'jsonl')
      throw new CliError(
        'usage',
        `--follow adds line by line: leave out --format ${format}, and write that file at the end.`,
      )
    const place = await placeOf(context, network)
    const file = resolve(context.io.folder, out)
    await withVerifiers(context, place, async (verifiers) => {
      const found = await jobOf(verifiers.chain, job)
      const judging = await judgingOf(verifiers, found, await installedKinds())
      const known = format === 'jsonl' ? await keysIn(file) : new Set<string>()
      const write = async ({ settled, rows }: Gathered, isAll: boolean): Promise<void> => {
        const fresh = rows.filter((row) => !known.has(keyOfRow(row)) && (isAll || isWhole(row, judging)))
        if (format === 'jsonl') await append(file, fresh)
        else await replace(file, await fileOf(format, fresh))
        for (const row of fresh) known.add(keyOfRow(row))
        if (fresh.length === 0 && follow) return
        tell(context, { job, file, added: fresh.length, known: known.size, settled })
      }
      if (!follow) return write(await gatherResults(verifiers, judging, -1), true)
      const following = new Following({
        lastFinal: async () => (await stateOf(verifiers.chain)).network.lastFinal,
        charged: async () => {
          const charged = await chargedOf(verifiers, found)
          return charged && { epoch: charged.epoch, done: charged.leaf.done }
        },
        gather: (beyond) => gatherResults(verifiers, judging, beyond),
        write,
      })
      for (let done = false; !done; await context.io.rpc.time.wait(LOOK_MS)) {
        try {
          done = await following.look()
        } catch (error) {
          if (exitOf(error) !== 'unreachable') throw error
          context.note(`${sentenceOf(error)} It is tried again.`)
        }
      }
    })
  },
})

const keyForm = z.object({ task: z.int(), batch: z.string(), row: z.int() })

/** Rows that the file has. A last line that a power cut tore is written again. */
async function keysIn(file: string): Promise<Set<string>> {
  const content = await readFile(file, 'utf8').catch(() => '')
  return new Set(content.split('\n').flatMap(keyIn))
}

function keyIn(line: string): string[] {
  try {
    return [keyOfRow(keyForm.parse(JSON.parse(line)))]
  } catch {
    return []
  }
}

/** Its task has all the answers that it is to have: before that, how they agree may change. */
function isWhole({ answers }: ResultRow, { job, open }: Judging): boolean {
  return open.aggregate === undefined || answers >= job.replicas
}

async function append(file: string, rows: Gathered['rows']): Promise<void> {
  if (rows.length === 0) return
  const handle = await openFile(file, 'a')
  try {
    await handle.writeFile(linesOf(rows))
    await handle.sync()
  } finally {
    await handle.close()
  }
}

interface Told {
  readonly job: number
  readonly file: string
  readonly added: number
  readonly known: number
  readonly settled: number
}

function tell(context: Context, told: Told): void {
  const { file, added, known, settled } = told
  context.print(told, [`${added} more, ${known} results in ${file}, settled up to epoch ${settled}`])
}
