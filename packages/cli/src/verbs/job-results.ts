// job watch, job results: what comes back.
import { open as openFile, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { jsonText } from '@piecework/api'
import type { FoundJob } from '@piecework/chain'
import { z } from 'zod'
import { decimalsOf, stateOf } from '../common/chain.ts'
import { flag, optionalText, text, wholeNumber } from '../common/input.ts'
import { installedKinds } from '../common/kinds.ts'
import { tokensOf } from '../common/money.ts'
import { NETWORK_OPTION, placeOf } from '../common/place.ts'
import { type Verifiers, withVerifiers } from '../common/verifiers.ts'
import type { Context } from '../context.ts'
import { exitOf, sentenceOf } from '../errors.ts'
import { chargedOf } from '../job/charged.ts'
import { jobOf, stateOfJob } from '../job/find.ts'
import { type Gathered, gatherResults, keyOfRow, openJobOf, type ResultRow } from '../job/results.ts'
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
  about: 'how far a job is, epoch by epoch, until it is done or Ctrl-C',
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
  about: 'write the paid results of a job to a file, one JSON object a line; what is there already is kept',
  options: [
    NETWORK_OPTION,
    { flags: '--out <file>', about: 'the file; those that it lacks are added' },
    { flags: '--follow', about: 'go on as epochs settle, until the job is done or Ctrl-C' },
  ],
  examples: ['piecework job results 0 --network pw1... --out results.jsonl --follow'],
  input: z.object({ job: wholeNumber, network: optionalText, out: text, follow: flag }),
  async run(context, { job, network, out, follow }) {
    const place = await placeOf(context, network)
    const file = resolve(context.io.folder, out)
    await withVerifiers(context, place, async (verifiers) => {
      const found = await jobOf(verifiers.chain, job)
      const open = await openJobOf(verifiers, found, await installedKinds())
      const known = await keysIn(file)
      const add = async (): Promise<void> => {
        const gathered = await gatherResults(verifiers, { job: found, open, from: 0 })
        const added = await append(file, gathered, known)
        if (added === 0 && follow) return
        tell(context, { job, file, added, known: known.size, settled: gathered.settled })
      }
      if (!follow) return add()
      for (let done = false; !done; await context.io.rpc.time.wait(LOOK_MS)) {
        try {
          // What is there when it is done is all that there will be.
          const isDone = (await progressOf(verifiers, found, 0)).done
          await add()
          done = isDone
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

async function append(file: string, { rows }: Gathered, known: Set<string>): Promise<number> {
  const fresh = rows.filter((row: ResultRow) => !known.has(keyOfRow(row)))
  if (fresh.length === 0) return 0
  const handle = await openFile(file, 'a')
  try {
    await handle.writeFile(fresh.map((row) => `${jsonText(row)}\n`).join(''))
    await handle.sync()
  } finally {
    await handle.close()
  }
  for (const row of fresh) known.add(keyOfRow(row))
  return fresh.length
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
