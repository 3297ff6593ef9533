// The crowd at work: a network of real processes with a job of each kind, until all that was done is paid or was refused.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Books, JobFolder } from '@piecework/cli/local'
import { z } from 'zod'
import { untilSettled } from '../adversary/kill/settled.ts'
import { onStage, type Stage } from '../adversary/kill/stage.ts'
import { CAST, MEMBERS, type Member, namesOf } from './cast.ts'
import { KEPT, openSite, PAGES, writeJobs } from './jobs.ts'

/** A network that keeps up needs two epochs and their settling, 50 seconds; this machine may be slow. */
const SETTLE_MS = 400_000
/** Of honest people, and of the spammer where it happens to be right: eight birds, three claims, and the pages. */
const PEOPLES_PAID = namesOf('honest').length * (8 + 3 + PAGES.length) + 2
/** What programs find in the first epoch; what others leave undone comes back to them some epochs later. */
const CHECKED_PAID = 6

const resultForm = z.object({
  task: z.int(),
  node: z.int(),
  agrees: z.boolean(),
  output: z.unknown(),
  batch: z.string(),
  epoch: z.int(),
})
type Row = Readonly<Record<'task' | 'node' | 'epoch', number>> & {
  readonly agrees: boolean
  readonly output: unknown
  /** Of its receipt. */
  readonly batch: string
}
export type Result = Row & Member

export interface Played {
  /** By name; money in smallest units. */
  readonly members: ReadonlyMap<string, Books['nodes'][number]>
  /** By job. */
  readonly results: ReadonlyMap<string, readonly Result[]>
  readonly kept: Kept
  readonly conserved: boolean
  readonly settled: boolean
}

const keptForm = z.object({ outcome: z.string(), tasks: z.int(), known: z.int(), held: z.boolean() })
/** What the requester's keeper said first. */
export type Kept = Readonly<Record<'tasks' | 'known', number>> & {
  readonly outcome: string
  readonly held: boolean
}

export async function playCrowd(): Promise<Played> {
  const folder = await mkdtemp(join(tmpdir(), 'crowd-'))
  const { port, server } = await openSite()
  try {
    const jobs = await writeJobs(folder, port)
    const programOf = ({ role, folder: own }: { readonly role: string; readonly folder: string }) => ({
      file: join(import.meta.dirname, 'member.ts'),
      argv: [own, role, String(port)],
    })
    return await onStage((stage) => watch(stage, jobs), { cast: CAST, jobs, programOf })
  } finally {
    server.close()
    await rm(folder, { recursive: true })
  }
}

async function watch(stage: Stage, jobs: readonly JobFolder[]): Promise<Played> {
  const numbers = await jobNumbers(stage, jobs)
  const { from = '' } = jobs.find(({ name }) => name === KEPT) ?? {}
  const keeping = ['--network', stage.world.invite, '--folder', from]
  const keeper = stage.commands.start('keeper', 'job', 'keep', String(numbers.get(KEPT)), ...keeping)
  const { books, settled } = await untilSettled(stage, { ms: SETTLE_MS, isDue })
  const results = new Map<string, readonly Result[]>()
  for (const [name, job] of numbers) results.set(name, await resultsOf(stage, name, job))
  const members = new Map(books.nodes.map((one) => [one.name, one]))
  const kept: Kept = keptForm.parse(await keeper.said())
  return { members, results, kept, conserved: books.conserved, settled }
}

/** So much was paid, and the forger has failed. */
function isDue({ nodes }: Books): boolean {
  const rows = nodes.reduce((sum, { paidRows }) => sum + paidRows, 0)
  const failed = nodes.some(({ outcomes }) => outcomes.some(({ outcome }) => outcome === 'failed'))
  return failed && rows >= PEOPLES_PAID + CHECKED_PAID
}

async function jobNumbers(stage: Stage, jobs: readonly JobFolder[]): Promise<ReadonlyMap<string, number>> {
  const said = z.object({ job: z.int() })
  const posts = stage.world.posts.filter((post) => jobs.some(({ name }) => name === post.name))
  return new Map(
    await Promise.all(
      posts.map(async ({ name, post }) => [name, said.parse(await post.said()).job] as const),
    ),
  )
}

async function resultsOf(stage: Stage, name: string, job: number): Promise<readonly Result[]> {
  const file = join(stage.folder, `${name}.jsonl`)
  const wanted = ['--network', stage.world.invite, '--out', file]
  await stage.commands.here(z.unknown(), 'job', 'results', String(job), ...wanted)
  const lines = (await readFile(file, 'utf8').catch(() => '')).trim().split('\n')
  return lines.filter(Boolean).flatMap((line) => {
    const row: Row = resultForm.parse(JSON.parse(line))
    // The genesis lists them in the order of the cast.
    const member = MEMBERS[row.node]
    return member === undefined ? [] : [{ ...row, ...member }]
  })
}
