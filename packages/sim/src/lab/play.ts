// Plays the chapters of a story on a network that lives in a lab, and closes its books.
import { join } from 'node:path'
import { readKeyFile } from '@piecework/api'
import type { Books, Running } from '@piecework/cli/local'
import { keyFromSecret } from '@piecework/protocol'
import { type Settled, untilSettled } from '../adversary/kill/settled.ts'
import type { Stage } from '../adversary/kill/stage.ts'
import { fallen } from '../adversary/kill/victims.ts'
import { heldBy, type Signed, signedBy } from './disks.ts'
import type { End, Past, Story } from './story.ts'
import type { Streets } from './streets.ts'

/** Of the jobs of a round together. */
export const TASKS = 40
/** Several times what a stint takes that is carried to its end. */
const CHAPTER_MS = 900_000
const MORTAL = 'verifier-2'

export interface Playing {
  readonly story: Story
  readonly streets: Streets
  readonly hubs: readonly string[]
}

export async function play(stage: Stage, { story, streets, hubs }: Playing): Promise<End> {
  const chapters: Past[] = []
  let diedIn: number | undefined
  for (const [at, { title, weather, hubDies }] of story.chapters.entries()) {
    const began = performance.now()
    const before = at === 0 ? undefined : await stage.books()
    await streets.weather(weather)
    if (hubDies) {
      diedIn ??= (await stage.standing()).epoch
      await runningOf(stage, MORTAL)?.kill()
    }
    if (at > 0) await stage.postAgain()
    const { books } = await paid(stage, TASKS * (at + 1))
    const carried = await streets.weather(weather)
    chapters.push({
      title,
      seconds: Math.round((performance.now() - began) / 1000),
      paidRows: rowsOf(books) - (before === undefined ? 0 : rowsOf(before)),
      charged: String(books.charged - (before?.charged ?? 0n)),
      packets: carried.packets,
      lostPackets: carried.lost,
    })
    tell(JSON.stringify(chapters.at(-1)))
  }
  return close(stage, { chapters, diedIn, hubs })
}

/** Until so many rows were paid, and nothing that was earned is still on its way. */
function paid(stage: Stage, rows: number): Promise<Settled> {
  return untilSettled(stage, { ms: CHAPTER_MS, isDue: (books) => rowsOf(books) >= rows })
}

interface Played {
  readonly chapters: readonly Past[]
  readonly diedIn: number | undefined
  readonly hubs: readonly string[]
}

async function close(stage: Stage, { chapters, diedIn, hubs }: Played): Promise<End> {
  const { books, settled } = await paid(stage, TASKS * chapters.length)
  const { final, epoch, slashed } = await stage.standing()
  const paidBy = await stage.paidRows()
  const down = (await fallen(stage)).filter((name) => diedIn === undefined || name !== MORTAL)
  const signed = await Promise.all(stage.world.nodes.map(({ name }) => signedAfter(stage, name, epoch)))
  const batches = signed.flatMap((one) => one.batches).filter((one) => one.epoch <= final)
  const holders = await Promise.all(
    hubs.map(async (name) => ({
      lived: livedOf(name, diedIn),
      held: await heldAfter(stage, name, epoch),
    })),
  )
  const reached = batches.filter(({ epoch: at, hash }) =>
    holders.every(({ lived, held }) => at >= lived || held.has(hash)),
  )
  for (const [at, { name }] of stage.world.nodes.entries()) {
    for (const [number, rows] of rowsByEpoch(signed[at]?.batches ?? [])) {
      const paidRows = paidBy.get(name)?.get(number) ?? 0
      if (paidRows !== rows) tell(`${name}: epoch ${number}, ${rows} rows signed, ${paidRows} paid`)
    }
  }
  return {
    chapters: [...chapters],
    batches: batches.length,
    reached: reached.length,
    signedRows: sum(signed.map(({ rows }) => rows.size)),
    paidRows: rowsOf(books),
    homesPaid: books.nodes.filter(({ paidRows }) => paidRows > 0).length,
    failed: books.nodes.filter(({ outcomes }) => outcomes.some(({ outcome }) => outcome === 'failed')).length,
    slashed: String(slashed),
    settled,
    final,
    down: [...down],
  }
}

function rowsByEpoch(batches: Signed['batches']): ReadonlyMap<number, number> {
  const rows = new Map<number, number>()
  for (const one of batches) rows.set(one.epoch, (rows.get(one.epoch) ?? 0) + one.rows)
  return rows
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** The first epoch whose batches a hub needn't have. */
function livedOf(name: string, diedIn: number | undefined): number {
  return name === MORTAL ? (diedIn ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY
}

async function signedAfter(stage: Stage, name: string, epochs: number): Promise<Signed> {
  await runningOf(stage, name)?.stop()
  const { publicKey } = keyFromSecret(await readKeyFile(join(stage.folder, `${name}-node.json`)))
  return signedBy(join(stage.folder, name), publicKey, epochs)
}

async function heldAfter(stage: Stage, name: string, epochs: number): Promise<ReadonlySet<string>> {
  await runningOf(stage, name)?.stop()
  return heldBy(join(stage.folder, name), epochs)
}

function runningOf({ commands }: Stage, name: string): Running | undefined {
  return commands.running.findLast((one) => one.name === name)
}

const rowsOf = ({ nodes }: Books): number => sum(nodes.map(({ paidRows }) => paidRows))

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0)
}
