// Starts the writer, kills it at a drawn moment, and gives what it had acknowledged by then.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { SeededRandom } from '@piecework/testkit/random'
import type { Ack } from './acknowledged.ts'

const WRITER = join(import.meta.dirname, 'writer.ts')
/** The moment: after so many lines (few, so that opening is hit as well), and up to so many milliseconds more. */
const MOST_LINES = 60
const MOST_MS = 25

/** What a line says: how far the process is, or that something is durable. */
type Said = Ack | { readonly what: 'opening store' } | { readonly what: 'open' }

export interface Killed {
  readonly acks: readonly Ack[]
  /** False when it was killed before the store was open. */
  readonly opened: boolean
}

export interface Victim {
  readonly folder: string
  /** Where the compiled code of the writer is kept from one start to the next. */
  readonly compiled: string
  readonly round: number
}

export async function killWriter(victim: Victim, random: SeededRandom): Promise<Killed> {
  const { folder, compiled, round } = victim
  const lines = 1 + random.below(MOST_LINES)
  const delay = random.float() * MOST_MS
  const child = spawn(process.execPath, [WRITER, folder, String(round)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: compiled },
  })
  const gone = once(child, 'exit')
  const complaints: string[] = []
  child.stderr.on('data', (bytes: Buffer) => complaints.push(bytes.toString()))
  const acks: Ack[] = []
  let heard = 0
  for await (const line of createInterface({ input: child.stdout })) {
    heard++
    const said: Said = JSON.parse(line)
    if (said.what !== 'opening store' && said.what !== 'open') acks.push(said)
    if (heard === lines) setTimeout(() => child.kill('SIGKILL'), delay)
  }
  const [, signal] = await gone
  if (signal !== 'SIGKILL')
    throw new Error(`the writer ended by itself: ${complaints.join('').slice(0, 2000)}`)
  return { acks, opened: heard > 1 }
}
