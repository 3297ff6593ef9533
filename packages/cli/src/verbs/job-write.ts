// job init, job check: before anything is paid.
import { join, resolve } from 'node:path'
import { findPrefix, makeSandbox, type OpenJob, type Question } from '@piecework/work'
import { z } from 'zod'
import { decimalsOf, stateOf, withChain } from '../common/chain.ts'
import { writeNew } from '../common/files.ts'
import { optionalText, text } from '../common/input.ts'
import { installedKinds } from '../common/kinds.ts'
import { tokensOf } from '../common/money.ts'
import { NETWORK_OPTION, placeOf } from '../common/place.ts'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import { contentFrom, type JobFile, readJobFile } from '../job/job-file.ts'
import { keeperOrNobody } from '../job/keeper-key.ts'
import { skillsAsked } from '../job/required.ts'
import { jobText } from '../job/template.ts'
import { termsOf } from '../job/terms.ts'
import { defineVerb, type Verb } from '../verb.ts'
import { linesOfAsked } from '../work/show.ts'

export const init: Verb = defineVerb({
  words: 'init <folder>',
  about: 'write a job.yaml with comments, to be changed',
  options: [{ flags: '--kind <name>', about: 'the kind of work (compute)' }],
  examples: ['piecework job init my-job --kind compute'],
  input: z.object({ folder: text, kind: text.default('compute') }),
  async run(context, { folder, kind }) {
    ;(await installedKinds()).named(kind)
    const file = join(resolve(context.io.folder, folder), 'job.yaml')
    await writeNew(file, jobText(kind))
    context.print({ file }, [
      `${file} is written: change it, put the files that it names beside it, then run job check.`,
    ])
  },
})

/** Tasks take at most a few seconds of a processor. */
const WALL_MS = 100_000
const HOUR_MS = 3_600_000

export const check: Verb = defineVerb({
  words: 'check <folder>',
  about:
    'try the first task here, and say what a job costs, what it pays an hour, what is known and what becomes public',
  options: [NETWORK_OPTION],
  examples: ['piecework job check docs/examples/align --network pw1...'],
  input: z.object({ folder: text, network: optionalText }),
  async run(context, { folder, network }) {
    const file = await readJobFile(resolve(context.io.folder, folder), {
      kinds: await installedKinds(),
      secretOf: keeperOrNobody(context),
    })
    const { title, kind, job } = file.spec
    const known = knownOf(file)
    const isTried = job.present === undefined && job.plan === undefined
    const tried = isTried ? await tryFirst(context, file) : undefined
    const question = await job.present?.(0, contentFrom(file.content))
    const cost = await costOf(context, { file, tried, network })
    const value = {
      title,
      kind: kind.name,
      // With known answers it follows from the keeper's key, which is made when the job is posted.
      ...(known === undefined && { specHash: file.specHash }),
      tasks: file.pay.tasks,
      ...tried,
      ...(question && { question }),
      ...(job.plan && { measuring: job.plan() }),
      ...cost,
      ...(known && { known }),
    }
    context.print(value, [
      `${title}: ${file.pay.tasks} tasks of the kind ${kind.name}`,
      job.describe(),
      ...linesOfFirst(tried, question),
      ...linesOfMeasuring(job),
      ...(cost === undefined
        ? ['Give --network to see what it costs.']
        : [
            `costs ${cost.total} tokens at most: ${cost.pay} for the work, ${cost.fees} for those who check and settle it`,
            ...(cost.perHour === undefined
              ? []
              : [`pays ${cost.perHour} tokens an hour to a machine like this one`]),
            ...cost.skills,
          ]),
      ...(known === undefined
        ? []
        : [`${known.tasks} of ${file.pay.tasks} tasks are known (${known.percent} %)`, ...known.warnings]),
      'Public: the spec, its inputs and every output. Give nothing that must stay secret.',
    ])
  },
})

/** What a program did with it, or what a person is shown and asked. */
function linesOfFirst(tried: Tried | undefined, question: Question | undefined): readonly string[] {
  if (question !== undefined)
    return ['people see of the first task:', ...linesOfAsked(question).map((line) => `  | ${line}`.trimEnd())]
  if (tried === undefined) return []
  const { milliseconds, units, result } = tried
  return [
    `the first task took ${milliseconds} ms here and is worth ${units} units: ${JSON.stringify(result)}`,
  ]
}

interface Known {
  readonly tasks: number
  readonly percent: number
  readonly warnings: readonly string[]
}

function knownOf({ known, pay }: JobFile): Known | undefined {
  if (known === undefined) return undefined
  const tasks = known.answers.size
  return { tasks, percent: Math.round((1_000 * tasks) / pay.tasks) / 10, warnings: known.warnings }
}

function linesOfMeasuring({ plan }: Pick<OpenJob, 'plan'>): readonly string[] {
  if (plan === undefined) return []
  const { moments, bytes } = plan()
  return [
    `its nodes are measured: ${moments} times an epoch by each verifier, with ${bytes} bytes there and as many back`,
  ]
}

interface Tried {
  readonly milliseconds: number
  readonly units: number
  readonly result: unknown
}

async function tryFirst({ io }: Context, file: JobFile): Promise<Tried> {
  const { spec, pay } = file
  const { job, kind } = spec
  if (job.perform === undefined)
    throw new CliError('usage', `Jobs of the kind ${kind.name} can't be tried here.`)
  const options = { node: io.node, wallMs: WALL_MS, processes: 1 }
  const sandbox = makeSandbox({ ...options, prefix: await findPrefix(options) })
  const began = io.rpc.time.now()
  const output = await job.perform(0, { sandbox, content: contentFrom(file.content) })
  const units = job.units(output)
  if (units > pay.maxUnits) {
    throw new CliError(
      'usage',
      `The first task is worth ${units} units, more than pay.maxUnits (${pay.maxUnits}).`,
    )
  }
  return { milliseconds: Math.round(io.rpc.time.now() - began), units, result: job.result(output) }
}

interface Cost {
  readonly total: string
  readonly pay: string
  readonly fees: string
  /** Undefined of what people do, and of what is measured: nobody knows how long they take, or what will be found. */
  readonly perHour: string | undefined
  /** Of each that it asks for, a sentence. */
  readonly skills: readonly string[]
}

interface Costing {
  readonly file: JobFile
  readonly tried: Tried | undefined
  readonly network: string | undefined
}

/** Undefined where no network is given. */
async function costOf(context: Context, { file, tried, network }: Costing): Promise<Cost | undefined> {
  if (network === undefined && context.io.env['PIECEWORK_INVITE'] === undefined) return undefined
  const place = await placeOf(context, network)
  return withChain(context, place, async (chain) => {
    const state = (await stateOf(chain)).network
    const { params, mint } = state
    const decimals = await decimalsOf(chain, mint)
    const { deposit, pay, fees, price } = termsOf(file.pay, decimals, params)
    const money = (amount: bigint): string => tokensOf(amount, decimals)
    const perHour = tried && money(anHour(price, tried))
    const skills = await skillsAsked(chain, file.spec, state)
    return { skills, total: money(deposit), pay: money(pay), fees: money(fees), perHour }
  })
}

function anHour(price: bigint, { units, milliseconds }: Tried): bigint {
  return (price * BigInt(units) * BigInt(HOUR_MS)) / BigInt(Math.max(1, milliseconds))
}
