// A reachable, fast and steady link. Checkers measure it at moments that they draw from a secret; the lower median of
// what they find is paid.
import { WorkError } from '../../errors.ts'
import { type CheckContext, defineKind, type Kind, NO_PERMISSIONS } from '../../kind.ts'
import type { Link } from '../../measuring/link.ts'
import { type LinkSpeed, type Measuring, probe, probeBytes, probeMs } from '../../measuring/probe.ts'
import { SPEC_BYTES } from '../../spec.ts'
import { millionths } from '../../statistics/millionths.ts'
import { type BandwidthSpec, BYTES, bandwidthSpec, MOMENTS } from './spec.ts'

/** Every stint is measured anew: there is nothing to draw from. */
const ALL_ROWS = 1_000_000
/** A row says only that the node is there. */
const OUTPUT_BYTES = 0
/** The bytes of a measurement, as they go and as they come. */
const MEMORY_BYTES = 67_108_864
/** Most bytes at half a megabit a second are slower; such a link is worth nothing here. */
const WALL_MS = 60_000
const LEAST_WALL_MS = 1_000
/** So many times slower than what is asked for counts as not there: others wait to be measured. */
const TOO_SLOW = 20
const BITS_PER_MEGABIT = 1_000_000

/** In millionths: both halves of what is asked for give a quarter. */
export function speedScore(
  { megabits, latencyMs: enough }: BandwidthSpec,
  { bitsPerSecond, latencyMs }: LinkSpeed,
): number {
  const fast = Math.min(1, bitsPerSecond / (megabits * BITS_PER_MEGABIT))
  const near = latencyMs <= enough ? 1 : enough / latencyMs
  return millionths(fast * near)
}

/** How long one measurement may take. */
export function wallMsOf({ bytes, megabits, latencyMs }: BandwidthSpec): number {
  const bitsPerSecond = (megabits * BITS_PER_MEGABIT) / TOO_SLOW
  const slow = probeMs(bytes, { bitsPerSecond, latencyMs: latencyMs * TOO_SLOW })
  return Math.min(WALL_MS, Math.max(LEAST_WALL_MS, Math.ceil(slow)))
}

/** One measurement. Whoever cannot be reached, or whose link breaks, gets nothing for this moment. */
async function measure(
  spec: BandwidthSpec,
  nodeKey: Uint8Array,
  { measuring }: CheckContext,
): Promise<number> {
  if (measuring === undefined)
    throw new WorkError('link/none', 'This machine has no way to measure links. Only checkers have one.')
  const link = await opened(measuring, nodeKey, wallMsOf(spec))
  if (link === undefined) return 0
  try {
    return speedScore(spec, await probe(link, spec.bytes, measuring))
  } catch (error) {
    if (error instanceof WorkError && error.code === 'link/broken') return 0
    throw error
  } finally {
    link.close()
  }
}

async function opened(measuring: Measuring, nodeKey: Uint8Array, wallMs: number): Promise<Link | undefined> {
  try {
    return await measuring.open(nodeKey, wallMs)
  } catch (error) {
    if (error instanceof WorkError && error.code === 'link/broken') return undefined
    throw error
  }
}

export const kind: Kind = defineKind<BandwidthSpec, BandwidthSpec>({
  name: 'bandwidth',
  id: 4,
  version: 1,
  allocation: 'standing',
  checking: 'measured',
  delivery: 'all',
  rate: ALL_ROWS,
  limits: {
    specBytes: SPEC_BYTES,
    outputBytes: OUTPUT_BYTES,
    memoryBytes: MEMORY_BYTES,
    wallMs: WALL_MS,
  },
  spec: bandwidthSpec,
  describe: ({ bytes, moments, megabits, latencyMs }) =>
    `Be reachable: at ${moments} moments of an epoch each checker sends ${bytes} bytes and gets them back; ` +
    `${megabits} megabits a second within ${latencyMs} ms earn the whole score.`,
  permissions: () => NO_PERMISSIONS,
  needs: () => [],
  task: (spec) => spec,
  units: () => 1,
  result: () => ({ measured: true }),
  most: { moments: MOMENTS.most, bytes: probeBytes(BYTES.most) },
  plan: ({ bytes, moments }) => ({ moments, bytes: probeBytes(bytes) }),
  measure,
})
