// The first process of a lab with links of different sorts: real verifiers measure real nodes for some epochs. Its last line
// tells what each was paid.
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Books, Cast, JobFolder } from '@piecework/cli/local'
import { stringify } from 'yaml'
import { onStage, type Stage } from '../adversary/kill/stage.ts'
import { nodesBehind } from '../lab/nodes.ts'
import { DRIVER_HOST, hostOfHub, inNetwork, type Plan } from '../lab/plan.ts'
import { buildStreets } from '../lab/streets.ts'
import { type LinksEnd, NAMES } from './said.ts'

const PLAN: Plan = {
  hubs: ['verifier-0', 'verifier-1', 'verifier-2'],
  open: ['fast', 'slow', 'half'],
  closed: [],
  behindOne: ['twin-0', 'twin-1'],
}
const CAST: Cast = {
  contributors: NAMES.map((name) => ({ name, role: 'honest', vouched: '5', does: ['bandwidth'] })),
  verifiers: PLAN.hubs.length,
  settlers: 1,
}
/** Twice the local preset's: a small machine that is all of these at once needs some time for each. */
const PARAMS = {
  length: 60,
  grace: 4,
  inventory: 6,
  challenge: 18,
  commit: 6,
  reveal: 4,
  round: 8,
  dispute: 6,
}
/** Half a megabyte a second is what the job asks for; this one has a fifth, in each direction. */
const NARROW = ['input', 'output']
  .map(
    (hook) =>
      `chain ${hook} { type filter hook ${hook} priority 0; limit rate over 100 kbytes/second burst 32 kbytes drop; };`,
  )
  .join(' ')
const JOB = {
  kind: 'bandwidth',
  title: 'Links of a lab',
  work: { bytes: 65_536, megabits: 4, latencyMs: 5_000, moments: 4 },
  pay: { rule: 'share', price: 2, capPrice: 0.1, tasks: 1, deposit: 23 },
}
const EPOCHS = 3
/** They take two minutes and a half, with their settling; a machine with much to do takes several times that. */
const MOST_MS = 700_000
const LOOK_MS = 250
/** Looks at the books, which asks all verifiers. */
const BOOKS_EACH = 20

async function watch(stage: Stage): Promise<LinksEnd> {
  const half = stage.commands.running.find(({ name }) => name === 'half')?.pid
  if (half === undefined) throw new Error('there is no process that could be away')
  const end = performance.now() + MOST_MS
  for (let look = 1; ; look++) {
    const { now, from } = await stage.slots()
    const isAway = from !== undefined && now >= from + PARAMS.length / 2 && now < from + PARAMS.length
    process.kill(half, isAway ? 'SIGSTOP' : 'SIGCONT')
    const isOver = performance.now() > end
    if (look % BOOKS_EACH === 0 || isOver) {
      const { final } = await stage.standing()
      const books = final < EPOCHS ? undefined : await stage.books()
      if (books !== undefined && (isOver || isDecided(books))) {
        process.kill(half, 'SIGCONT')
        return said(books, final)
      }
      if (isOver) throw new Error(`epoch ${final + 1} does not become final`)
    }
    await setTimeout(LOOK_MS)
  }
}

/** Of the first epochs: of each node the same ones count. */
function isDecided({ conserved, nodes }: Books): boolean {
  const carried = nodes.flatMap(({ outcomes }) => outcomes).filter(({ outcome }) => outcome === 'carried')
  return conserved && carried.every(({ epoch }) => epoch > EPOCHS)
}

function said({ conserved, nodes }: Books, final: number): LinksEnd {
  const failed = nodes.filter(({ outcomes }) => outcomes.some(({ outcome }) => outcome === 'failed')).length
  const earned = Object.fromEntries(nodes.map(({ name, earned: amount }) => [name, Number(amount)]))
  return { earned, final, conserved, failed }
}

async function writeJob(): Promise<JobFolder> {
  const from = join(await mkdtemp(join(tmpdir(), 'links-')), 'job')
  await mkdir(from)
  await writeFile(join(from, 'job.yaml'), stringify(JOB))
  return { name: 'link', from }
}

await buildStreets(PLAN)
/** A Node for each network: what it runs sees nothing but that. */
const within = [...PLAN.hubs, ...PLAN.open, ...PLAN.behindOne].map((name) => [name, inNetwork(name)] as const)
const [enter = '', ...words] = inNetwork('slow')
execFileSync(enter, [...words, 'nft', `table ip narrow { ${NARROW} }`])
const end = await onStage(watch, {
  cast: CAST,
  jobs: [await writeJob()],
  params: PARAMS,
  hostOf: (name) => hostOfHub(PLAN, name) ?? DRIVER_HOST,
  nodeOf: await nodesBehind(new Map(within)),
})
process.stdout.write(`${JSON.stringify(end)}\n`)
// The wire goes with its parent.
process.exit(0)
