// `bench sandbox`: what fuel costs beside the plain module in the same process, and how long a task takes to start.
import { spawnSync } from 'node:child_process'
import { findPrefix, instrument, makeSandbox, type Run } from '@piecework/work'
import { FLOATS, MIXING, RECURSION, SIEVE } from './sandbox/modules.ts'
import { atMost, type Bench, type Measured } from './types.ts'

/** Both sides take turns, and each counts with its best: what else the machine does slows either. */
const ROUNDS = 12
/** Starts: a process has more that can slow it down. */
const STARTS = 40
/** More than any of them uses. */
const ENOUGH = 10n ** 12n

interface Pair {
  readonly plain: number
  readonly metered: number
}

/** Milliseconds of one run in a fresh instance, compiled anew. */
function timed(module: Uint8Array<ArrayBuffer>): number {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module))
  const { run, fuel } = exports as { run: () => void; fuel?: WebAssembly.Global }
  if (fuel !== undefined) fuel.value = ENOUGH
  const start = performance.now()
  run()
  return performance.now() - start
}

function compare(module: Uint8Array<ArrayBuffer>): Pair {
  const metered = new Uint8Array(instrument(module))
  let best: Pair = { plain: Number.POSITIVE_INFINITY, metered: Number.POSITIVE_INFINITY }
  for (let round = 0; round < ROUNDS; round++) {
    best = {
      plain: Math.min(best.plain, timed(module)),
      metered: Math.min(best.metered, timed(metered)),
    }
  }
  return best
}

/** Milliseconds that Node alone takes to start and end, at best. */
function bareNode(): number {
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < STARTS; i++) {
    const start = performance.now()
    spawnSync(process.execPath, ['--eval', '0'])
    best = Math.min(best, performance.now() - start)
  }
  return best
}

/** Best and median milliseconds from asking for a task to its answer; the task itself does nothing. */
async function starts(): Promise<{ best: number; median: number; prefix: string }> {
  const options = { node: process.execPath, wallMs: 60_000, processes: 1 }
  const prefix = await findPrefix(options)
  const sandbox = makeSandbox({ ...options, prefix })
  const what: Run = {
    module: MIXING(1),
    input: new Uint8Array(),
    fuel: 1_000n,
    memoryPages: 256,
    outputBytes: 1_024,
  }
  const took: number[] = []
  for (let i = 0; i < STARTS; i++) {
    const start = performance.now()
    await sandbox.run(what)
    took.push(performance.now() - start)
  }
  took.sort((a, b) => a - b)
  return {
    best: took[0] ?? 0,
    median: took[STARTS >> 1] ?? 0,
    prefix: prefix.length > 0 ? 'unshare' : 'none',
  }
}

async function measure(): Promise<Measured> {
  // First: a process that has grown large takes longer to start another.
  const start = await starts()
  const loops = [compare(MIXING(50_000_000)), compare(SIEVE), compare(FLOATS)]
  const calls = compare(RECURSION)
  const ratio = ({ plain, metered }: Pair): number => metered / plain
  const [mixing = 0, sieve = 0, floats = 0] = loops.map(ratio)
  return {
    figures: {
      'times plain, arithmetic loop': mixing,
      'times plain, sieve': sieve,
      'times plain, floats': floats,
      'times plain, calls that V8 would inline': ratio(calls),
      'start of a task, median ms': start.median,
      'a bare Node, best ms': bareNode(),
      'started by': start.prefix,
    },
    bars: [
      atMost('times plain, the worst loop', Math.max(mixing, sieve, floats), 2),
      atMost('start of a task, best ms', start.best, 50),
    ],
  }
}

export const bench: Bench = {
  name: 'sandbox',
  about:
    'Fuel beside the plain module on three loops and on calls; the start of a task in a process of its own.',
  run: measure,
}
