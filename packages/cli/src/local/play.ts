// What happens in the local network: it is set up, begins, runs for some epochs, and its books are closed.
import { extname, join } from 'node:path'
import type { Chain } from '@piecework/chain'
import { z } from 'zod'
import { decimalsOf, openChain, stateOf } from '../common/chain.ts'
import { until } from '../common/patience.ts'
import { type Place, placeOf } from '../common/place.ts'
import { withVerifiers } from '../common/verifiers.ts'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import { type Books, booksOf } from './books.ts'
import { EXAMPLES, WHOLE_CAST } from './cast.ts'
import type { Running } from './child.ts'
import type { Commands } from './commands.ts'
import { newsOf } from './news.ts'
import { writePagesJob } from './pages.ts'
import type { Screen } from './screen.ts'
import { type Looking, look, type Sight } from './sight.ts'
import { type Summary, summaryOf } from './summary.ts'
import { type JobFolder, type Program, type RunningNode, setUp, type World } from './world.ts'

export interface Play {
  readonly commands: Commands
  readonly folder: string
  readonly groups: Running[][]
  readonly screen: Screen
  readonly epochs: number | undefined
  readonly examples: string
}

const EVERY_MS = 500
/** Books are asked for from all verifiers, for every node: more often, that would hold up what they are to settle. */
const BOOKS_MS = 2_000
const BEGIN_MS = 60_000
/** An epoch takes 14 seconds and its settling as long again; a busy machine may need several times that. */
const EPOCH_MS = 60_000
const SETTLING_MS = 180_000
/** By then what was faked in the first epoch has come back, and was done by others. */
const EPOCHS_TO_ALL = 4

export async function play(context: Context, playing: Play): Promise<Summary> {
  const { commands, screen, groups } = playing
  const tell = (line: string): void => screen.tell(line)
  const port = await startSite(playing)
  const jobs = await jobsOf(playing, port)
  const programOf = (node: RunningNode): Program | undefined => programFor(node, port)
  const setting = { ...playing, cast: WHOLE_CAST, jobs, programOf, tell }
  const world = await setUp(commands, setting)
  const place = await placeOf(context, world.invite)
  const chain = await openChain(context, place)
  const broken = anyEnds(groups.flat().filter((one) => !world.posts.some(({ post }) => post === one)))
  try {
    return await Promise.race([broken, story(context, { ...playing, world, place, chain })])
  } finally {
    await chain.stop()
  }
}

function programNamed(name: string): string {
  return join(import.meta.dirname, `${name}${extname(import.meta.filename)}`)
}

const siteSaid = z.object({ port: z.int() })

/** A site for the web job: its port. */
async function startSite({ commands, groups }: Play): Promise<number> {
  const site = commands.program('site', programNamed('site'), [])
  groups.push([site])
  return siteSaid.parse(await site.said()).port
}

async function jobsOf({ folder, examples }: Play, port: number): Promise<readonly JobFolder[]> {
  const shown = EXAMPLES.map((name) => ({ name, from: join(examples, name) }))
  return [...shown, { name: 'pages', from: await writePagesJob(folder, port) }]
}

/** Who fakes, and who does what people do, or fetches from the site, is a program of its own. */
function programFor({ role, does, folder }: RunningNode, port: number): Program | undefined {
  if (role === 'faker') return { file: programNamed('faker'), argv: [folder] }
  return does === undefined ? undefined : { file: programNamed('contributor'), argv: [folder, String(port)] }
}

/** A daemon that ends by itself is a fault, whatever it says. */
async function anyEnds(daemons: readonly Running[]): Promise<never> {
  const { name, code } = await Promise.race(
    daemons.map(async (one) => ({ name: one.name, code: await one.ended })),
  )
  throw new CliError('failed', `${name} ended by itself, with ${code}.`)
}

interface Story extends Play {
  readonly world: World
  readonly place: Place
  readonly chain: Chain
}

async function story(
  context: Context,
  { commands, screen, world, place, chain, ...rest }: Story,
): Promise<Summary> {
  await until(context, { ms: BEGIN_MS, what: 'Bringing the jobs on chain' }, async () =>
    (await stateOf(chain)).network.nextJob >= world.posts.length ? true : undefined,
  )
  await commands.here(z.unknown(), 'network', 'start', '--network', world.created, '--key', world.key)
  const upAt = context.io.now()
  screen.tell('the network is up')
  const jobs = await openJobs(world, screen)
  const files = jobs.map(({ name }) => join(rest.folder, `${name}.jsonl`))
  // In this process: four more would take what verifiers need while they check the first epoch.
  const followed = jobs.map(({ job }, at) => {
    const to = ['--network', world.invite, '--out', files[at] ?? '', '--follow']
    return commands.here(z.unknown(), 'job', 'results', String(job), ...to)
  })
  const looking = { chain, nodes: world.nodes, files }
  const lost = onlyFails(Promise.all(followed))
  const sight = await Promise.race([lost, watch(context, { looking, screen, epochs: rest.epochs })])
  screen.tell(`epoch ${sight.state.network.lastFinal} is final: closing the books`)
  const tasks = await tasksOf(commands, world)
  const epochs = rest.epochs ?? 0
  const closing = { world, folder: rest.folder, looking, epochs, tasks }
  const closed = withVerifiers(context, place, async (verifiers) => {
    return close(context, closing, (booking) => booksOf(verifiers, booking))
  })
  const { books, seen, missing } = await Promise.race([lost, closed])
  return summaryOf({ epochs, books, sight: seen, upAt, tasks, missing })
}

/** No job is closed here, so that its results go on until all is stopped. */
async function onlyFails(work: Promise<unknown>): Promise<never> {
  await work
  return new Promise(() => {})
}

const postSaid = z.object({ job: z.number() })

/** News of each as it opens. */
async function openJobs({ posts }: World, screen: Screen): Promise<readonly { job: number; name: string }[]> {
  return Promise.all(
    posts.map(async ({ name, post }) => {
      const { job } = postSaid.parse(await post.said())
      screen.tell(`job ${job} is open: ${name}`)
      return { job, name }
    }),
  )
}

const jobsSaid = z.array(z.object({ tasks: z.number() }))

async function tasksOf(commands: Commands, { invite }: World): Promise<number> {
  const jobs = await commands.here(jobsSaid, 'job', 'list', '--network', invite)
  return jobs.reduce((sum, { tasks }) => sum + tasks, 0)
}

interface Watching {
  readonly looking: Looking
  readonly screen: Screen
  readonly epochs: number | undefined
}

/** Until the last epoch that was asked for is final. */
async function watch(context: Context, { looking, screen, epochs }: Watching): Promise<Sight> {
  const decimals = await decimalsOf(looking.chain, (await stateOf(looking.chain)).network.mint)
  const end = context.io.rpc.time.now() + (epochs ?? Number.POSITIVE_INFINITY) * EPOCH_MS
  let before: Sight | undefined
  for (;;) {
    const sight = await look(looking)
    for (const line of newsOf(before, sight, decimals)) screen.tell(line)
    screen.table(sight, decimals)
    before = sight
    if (epochs !== undefined && sight.state.network.lastFinal >= epochs - 1) return sight
    if (context.io.rpc.time.now() > end) {
      throw new CliError(
        'failed',
        `Epoch ${sight.state.network.lastFinal + 1} does not become final: see the logs.`,
      )
    }
    await context.io.rpc.time.wait(EVERY_MS)
  }
}

interface Closing {
  readonly world: World
  readonly folder: string
  readonly looking: Looking
  readonly epochs: number
  readonly tasks: number
}

interface Closed {
  readonly books: Books
  readonly seen: Sight
  /** What did not come in, as sentences' parts. */
  readonly missing: readonly string[]
}

type Keeper = (booking: Parameters<typeof booksOf>[1]) => Promise<Books>

/** Claims and results come in within seconds after a final root; what is not in by then is told as it is. */
async function close(context: Context, closing: Closing, booksNow: Keeper): Promise<Closed> {
  const { world, folder, looking, epochs, tasks } = closing
  const nodes = world.nodes.map((one) => ({ ...one, keyFile: join(folder, `${one.name}-node.json`) }))
  const end = context.io.rpc.time.now() + SETTLING_MS
  for (;;) {
    const books = await booksNow({ nodes, carriers: world.settlerWallets })
    const seen = await look(looking)
    const missing = missingOf(books, seen, { epochs, tasks })
    const isDone = books.conserved && missing.length === 0
    if (isDone || context.io.rpc.time.now() > end) return { books, seen, missing }
    await context.io.rpc.time.wait(BOOKS_MS)
  }
}

function missingOf(
  { nodes, inStep, allClaimed, lastFinal }: Books,
  { delivered, rows }: Sight,
  { epochs, tasks }: Pick<Closing, 'epochs' | 'tasks'>,
): readonly string[] {
  const paidRows = nodes.reduce((sum, one) => sum + one.paidRows, 0)
  const undecided = nodes.filter(({ outcomes }) =>
    outcomes.some(({ epoch, outcome }) => epoch < epochs && outcome === 'carried'),
  )
  return [
    ...(inStep ? [] : [`verifiers have not settled epoch ${lastFinal} yet`]),
    ...undecided.map(({ name }) => `work of ${name} is not decided`),
    ...(allClaimed ? [] : ['not all that was earned is claimed']),
    // It has more where a task was done once more after it had its answers: that is shown, and not paid.
    ...(rows >= paidRows ? [] : [`the requester has ${rows} of ${paidRows} paid rows`]),
    ...(epochs < EPOCHS_TO_ALL || delivered === tasks ? [] : [`${delivered} of ${tasks} tasks have results`]),
  ]
}
