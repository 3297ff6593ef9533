// A small network of real processes whose clocks are off, each by its own.
import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { Cast } from '@piecework/cli/local'
import { nodesBehind } from '../../lab/nodes.ts'
import { play } from '../../lab/play.ts'
import type { End } from '../../lab/story.ts'
import { onStage, type Stage } from '../kill/stage.ts'
import { OFF_MS, SHIFTS, type Shift } from './shifts.ts'

const PRELOAD = pathToFileURL(join(import.meta.dirname, 'shift.ts')).href
/** A log is written after its time was read: that late at the most, where the machine has too much to do. */
const SLACK_MS = OFF_MS / 2
const READ_CLOCKS =
  'process.stdout.write(JSON.stringify([Date.now(), +new Date(), performance.timeOrigin + performance.now()]))'
const CALM = { loss: 0, delayMs: 0 }

export interface Played {
  readonly end: End
  /** Daemons with a clock that is off. */
  readonly off: number
  /** Those of them whose clock was seen to be right. */
  readonly right: readonly string[]
}

export interface Playing {
  readonly cast: Cast
  /** How often the same jobs are posted, and all of them paid. */
  readonly rounds: number
  readonly areOff: boolean
}

export async function playClocks({ cast, rounds, areOff }: Playing): Promise<Played> {
  const shifts = areOff ? shiftsOf(cast) : new Map<string, Shift>()
  const nodeOf = await nodesBehind(new Map([...shifts].map(([name, shift]) => [name, wordsOf(shift)])))
  const seenRight: string[] = []
  for (const [name, shift] of shifts) if (!(await isOff(nodeOf(name), shift))) seenRight.push(name)
  const chapters = Array.from({ length: rounds }, (_, at) => ({
    title: `round ${at + 1}`,
    weather: CALM,
    hubDies: false,
  }))
  const story = { open: cast.contributors.length, closed: 0, behindOne: 0, chapters }
  const streets = { weather: async () => ({ packets: 0, lost: 0 }) }
  const end = await onStage(
    async (stage) => {
      const played = await play(stage, { story, streets, hubs: named('verifier', cast.verifiers) })
      for (const name of shifts.keys()) if (!(await wroteWithOffClock(stage, name))) seenRight.push(name)
      return played
    },
    { cast, nodeOf },
  )
  return { end, off: shifts.size, right: [...new Set(seenRight)] }
}

const named = (sort: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, id) => `${sort}-${id}`)

/** Of each sort the first is off in another way: the chain alone has the right time. */
function shiftsOf({ verifiers, settlers, contributors }: Cast): ReadonlyMap<string, Shift> {
  const sorts = [
    named('verifier', verifiers),
    contributors.map(({ name }) => name),
    named('settler', settlers),
  ]
  const one = (at: number): Shift => SHIFTS[at % SHIFTS.length] ?? SHIFTS[0]
  return new Map(sorts.flatMap((names, first) => names.map((name, at) => [name, one(first + at)] as const)))
}

/** By its environment, so that what the daemon starts itself has the same clock. */
function wordsOf(shift: Shift): readonly string[] {
  return ['env', `NODE_OPTIONS=--import=${PRELOAD}`, `SHIFTED_CLOCK=${JSON.stringify(shift)}`]
}

/** Whether all that tells the time there is off by as much as it should; a clock that jumps does so later. */
async function isOff(node: string, { offsetMs }: Shift): Promise<boolean> {
  const before = Date.now()
  const { stdout } = await promisify(execFile)(node, ['--eval', READ_CLOCKS])
  const after = Date.now()
  const clocks: readonly unknown[] = JSON.parse(stdout)
  return clocks.every(
    // The origin of performance is a fraction of a millisecond off the clock's.
    (ms) => typeof ms === 'number' && ms - offsetMs > before - 2 && ms - offsetMs < after + 2,
  )
}

/** Whether the time of the newest line of its log is not that at which the file was written. */
async function wroteWithOffClock({ folder }: Stage, name: string): Promise<boolean> {
  const file = join(folder, 'logs', `${name}.log`)
  const [{ mtimeMs }, text] = await Promise.all([stat(file), readFile(file, 'utf8')])
  const { time } = JSON.parse(text.trim().split('\n').at(-1) ?? '{}')
  return Math.abs(Date.parse(time) - mtimeMs) > SLACK_MS
}
