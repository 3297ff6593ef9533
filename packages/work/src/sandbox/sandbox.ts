// Runs a module of somebody else's on an input, in a process of its own.
import { readU64 } from '@piecework/protocol'
import { WorkError } from '../errors.ts'
import { INPUT_BYTES } from './limits.ts'
import { type Answered, askProcess, type ProcessOptions } from './process.ts'
import { instrument } from './wasm/instrument.ts'

export interface Run {
  readonly module: Uint8Array
  readonly input: Uint8Array
  readonly fuel: bigint
  readonly memoryPages: number
  readonly outputBytes: number
  /** With it the memory is hashed at a fuel point that these bytes draw, which costs up to a second run. */
  readonly seed?: Uint8Array
}

/** How a run can end, the same on every machine. Whatever depends on the machine is an error instead. */
export const ENDINGS = ['done', 'fuel', 'trap', 'depth', 'output'] as const
export type Ending = (typeof ENDINGS)[number]

export interface Ran {
  readonly ending: Ending
  readonly fuelUsed: bigint
  /** Empty unless done. */
  readonly output: Uint8Array
  /** Hash of memory at the drawn fuel point; undefined without a seed. */
  readonly memory: Uint8Array | undefined
}

export interface Sandbox {
  /** Throws for a module that is not run at all, and when this machine gives no result. */
  run(what: Run): Promise<Ran>
}

export interface SandboxOptions extends ProcessOptions {
  /** Runs at once; further ones wait for their turn. */
  readonly processes: number
}

export function makeSandbox(options: SandboxOptions): Sandbox {
  const turns = new Turns(options.processes)
  /** By the module's bytes: a job's tasks come one after the other. */
  const instrumented = new WeakMap<Uint8Array, { pages: number; bytes: Uint8Array }>()

  function prepared({ module, memoryPages }: Run): Uint8Array {
    const held = instrumented.get(module)
    if (held?.pages === memoryPages) return held.bytes
    const bytes = instrument(module, memoryPages)
    instrumented.set(module, { pages: memoryPages, bytes })
    return bytes
  }

  async function run(what: Run): Promise<Ran> {
    const { input, fuel, outputBytes, seed } = what
    if (input.length > INPUT_BYTES)
      throw new WorkError('sandbox/input-too-long', `An input has more than ${INPUT_BYTES} bytes.`)
    const module = prepared(what)
    const header = {
      moduleBytes: module.length,
      inputBytes: input.length,
      outputBytes,
      fuel: String(fuel),
      ...(seed === undefined ? {} : { draw: String(readU64(seed)) }),
    }
    return ranFrom(await turns.take(() => askProcess(header, [module, input], options)))
  }

  return { run }
}

function ranFrom({ header, output }: Answered): Ran {
  const { ending, why, fuelUsed, memory } = header
  if (ending === 'malformed')
    throw new WorkError('module/malformed', `V8 refuses this module: ${why}. Build it again.`, { why })
  if (ending === 'broken')
    throw new WorkError('sandbox/no-result', `This machine could not run a module: ${why}.`, { why })
  return {
    ending,
    fuelUsed: BigInt(fuelUsed),
    output,
    memory: memory === '' ? undefined : new Uint8Array(Buffer.from(memory, 'hex')),
  }
}

/** Lets so many through at once; the others wait in the order in which they came. Who asks is bounded by its own queue. */
class Turns {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(places: number) {
    this.#free = places
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free += 1
      else next()
    }
  }
}
