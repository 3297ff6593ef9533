// Adversary 22: a requester whose program attacks the machine that runs it, or who has it fetch what is not the public
// web. Each program is refused, or ends within its fuel, alike in two processes; each address is refused or bounded.
import { findPrefix, makeSandbox, protectionsOf, type Sandbox, WorkError } from '@piecework/work'
import { atLeast, atMost, type Measured } from '../bench/types.ts'
import { playFetch } from './fetch/play.ts'
import { type Payload, payloads } from './sandbox/payloads.ts'
import type { Adversary, Size } from './types.ts'

/** In short one of so many is played. */
const STRIDE: Readonly<Record<Size, number>> = { short: 8, full: 1 }
const INPUT = new TextEncoder().encode('some input')
const OUTPUT_BYTES = 1_024
const FUEL = 3_000_000n
const MEMORY_PAGES = 16
/** Far more than any payload takes: what runs into it was not bounded by fuel. */
const WALL_MS = 60_000
/** A draw that falls into the middle of most runs. */
const SEED = new Uint8Array(32).fill(0x5b)

/** What was seen of one run, to compare; undefined when it got past a bound, or our own code failed. */
async function seen(sandbox: Sandbox, { module, output: expected }: Payload): Promise<string | undefined> {
  const limits = { fuel: FUEL, memoryPages: MEMORY_PAGES, outputBytes: OUTPUT_BYTES }
  try {
    const { ending, fuelUsed, output, memory } = await sandbox.run({
      module,
      input: INPUT,
      seed: SEED,
      ...limits,
    })
    const hex = Buffer.from(output).toString('hex')
    if (output.length > OUTPUT_BYTES || fuelUsed > FUEL || hex !== (expected ?? hex)) return undefined
    return [ending, fuelUsed, hex, Buffer.from(memory ?? []).toString('hex')].join()
  } catch (error) {
    const refused = error instanceof WorkError && /^module\//.test(error.code)
    return refused ? error.code : undefined
  }
}

async function run(size: Size): Promise<Measured> {
  const options = { node: process.execPath, wallMs: WALL_MS, processes: 2 }
  const prefix = await findPrefix(options)
  const sandbox = makeSandbox({ ...options, prefix })
  const played = payloads().filter((_, i) => i % STRIDE[size] === 0)
  const before = process.memoryUsage().rss
  const results = await Promise.all(
    played.map(async (payload) => {
      const [once, again] = await Promise.all([seen(sandbox, payload), seen(sandbox, payload)])
      return { payload, once, again }
    }),
  )
  const fetched = await playFetch(STRIDE[size])
  const unbounded = results.filter(({ once, again }) => once === undefined || again === undefined)
  const differing = results.filter(({ once, again }) => once !== again)
  const inForce = (await protectionsOf({ ...options, prefix })).filter((one) => one.inForce)
  return {
    figures: {
      'programs played': played.length,
      'addresses played': fetched.payloads,
      refused: results.filter(({ once }) => once?.startsWith('module/')).length,
      'protections in force': inForce.map(({ name }) => name).join(', '),
      'growth of our own process, MB': (process.memoryUsage().rss - before) / 1e6,
      'not bounded': unbounded.map(({ payload }) => payload.name).join('; '),
      'not refused': fetched.notRefused.join('; '),
    },
    bars: [
      ...(size === 'full' ? [atLeast('payloads played', played.length + fetched.payloads, 200)] : []),
      atMost('programs that were not bounded', unbounded.length, 0),
      atMost('programs with two different results', differing.length, 0),
      atMost('addresses that were neither refused nor bounded', fetched.notRefused.length, 0),
      atMost('connections that reached what is not public', fetched.canaryReached, 0),
      atLeast('protections in force', inForce.length, 5),
    ],
  }
}

export const adversary: Adversary = {
  number: 22,
  name: 'sandbox-and-fetch',
  about:
    'A requester hands in programs that loop, recurse, grab memory, lie about their format or ask for more: each is ' +
    'refused or ends alike within its fuel. It names addresses that lead to private networks: none is reached.',
  run,
}
