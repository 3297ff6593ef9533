// Computing power: run a WebAssembly function on many inputs. Anyone can run a task again, byte for byte.
import { equalBytes, h, OUTPUT_BYTES, u64le, ZERO_HASH } from '@piecework/protocol'
import { neededFor, type Pieces } from '../../content/pieces.ts'
import { WorkError } from '../../errors.ts'
import {
  type CheckContext,
  defineKind,
  type Kind,
  NO_PERMISSIONS,
  type Verdict,
  type WorkContext,
} from '../../kind.ts'
import { MEMORY_PAGES } from '../../sandbox/limits.ts'
import type { Ran } from '../../sandbox/sandbox.ts'
import { SPEC_BYTES } from '../../spec.ts'
import { inputOf } from './input.ts'
import { readOutcome, writeOutcome } from './outcome.ts'
import { type ComputeSpec, computeSpec } from './spec.ts'

/** Part of a million. */
const USUAL_RATE = 50_000
/** Ten times what the most fuel takes on a fast machine. */
const WALL_MS = 100_000
const PAGE_BYTES = 65_536

const ON: Readonly<Record<Pieces['each'], string>> = {
  line: 'on one line of a text',
  block: 'on one block of a file',
  index: 'on one number',
}

interface ComputeTask {
  readonly spec: ComputeSpec
  readonly index: number
}

async function runTask({ spec, index }: ComputeTask, context: WorkContext, seed?: Uint8Array): Promise<Ran> {
  const module = await context.content.get(spec.module)
  const input = await inputOf(spec, index, context.content)
  const { memoryPages, outputBytes } = spec
  const fuel = BigInt(spec.fuel)
  return context.sandbox.run({ module, input, fuel, memoryPages, outputBytes, ...(seed && { seed }) })
}

async function check(task: ComputeTask, output: Uint8Array, context: CheckContext): Promise<Verdict> {
  try {
    const ran = await runTask(task, context, context.seed)
    const trace = h('pw/trace', u64le(ran.fuelUsed), ran.memory ?? ZERO_HASH)
    const passed = equalBytes(writeOutcome(ran), output)
    return { passed, trace, why: passed ? '' : 'the module gives another output, or uses other fuel' }
  } catch (error) {
    if (!isNoTask(error)) throw error
    return { passed: false, trace: ZERO_HASH, why: `there is nothing to do here: ${error.message}` }
  }
}

/** Nobody can do it on any machine, so whoever claims to have done it did not. */
function isNoTask(error: unknown): error is WorkError {
  const codes = ['task/none', 'module/malformed', 'module/refused', 'sandbox/input-too-long']
  return error instanceof WorkError && codes.includes(error.code)
}

function unitsOf({ fuelPerUnit }: ComputeSpec, output: Uint8Array): number {
  const outcome = readOutcome(output)
  if (fuelPerUnit === undefined || outcome === undefined || outcome.fuelUsed === 0n) return 1
  return Number((outcome.fuelUsed - 1n) / BigInt(fuelPerUnit)) + 1
}

/** Outputs that are text are shown as text. */
function resultOf(output: Uint8Array): unknown {
  const outcome = readOutcome(output)
  if (outcome === undefined) return { ending: 'unreadable' }
  const { ending, fuelUsed } = outcome
  const text = Buffer.from(outcome.output).toString('utf8')
  const isText = Buffer.from(text).equals(outcome.output)
  const shown = isText ? { text } : { hex: Buffer.from(outcome.output).toString('hex') }
  return { ending, fuelUsed: String(fuelUsed), ...shown }
}

export const kind: Kind = defineKind<ComputeSpec, ComputeTask>({
  name: 'compute',
  id: 1,
  version: 1,
  allocation: 'dealt',
  checking: 'exact',
  delivery: 'all',
  rate: USUAL_RATE,
  limits: {
    specBytes: SPEC_BYTES,
    outputBytes: OUTPUT_BYTES,
    memoryBytes: MEMORY_PAGES * PAGE_BYTES,
    wallMs: WALL_MS,
  },
  spec: computeSpec,
  describe: ({ pieces, fuel, memoryPages }) =>
    `Run a program ${ON[pieces.each]} for each task, with up to ` +
    `${fuel / 1e6} million steps and ${Math.ceil(memoryPages / 16)} MiB of memory; it reaches nothing else of the machine.`,
  permissions: () => NO_PERMISSIONS,
  needs: ({ module, shared, pieces }) => [
    module,
    ...(shared === undefined ? [] : [shared]),
    ...neededFor(pieces),
  ],
  task: (spec, index) => ({ spec, index }),
  units: unitsOf,
  result: (_, output) => resultOf(output),
  perform: async (task, context) => writeOutcome(await runTask(task, context)),
  check,
})
