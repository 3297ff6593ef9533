// Adversary 25: a disk that is full, files that are damaged; in full, also clocks that jump under daemons that work. A
// store alone reads no clock, and not when its files were written.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SeededRandom } from '@piecework/testkit/random'
import { atLeast, atMost, type Measured } from '../bench/types.ts'
import { jumpClocks } from './storage/clock-jumps.ts'
import { damageBulkOnce, damageOnce, type End, makeSample } from './storage/damage.ts'
import { canMountSmallDisks, fillDisk, type Limit } from './storage/filling.ts'
import type { Outcome } from './storage/full-disk.ts'
import type { Adversary, Size } from './types.ts'

/** Of each kind of limit. */
const FILLS: Readonly<Record<Size, number>> = { short: 1, full: 20 }
const DAMAGES: Readonly<Record<Size, number>> = { short: 40, full: 1_000 }
/** Of what can be fetched again. */
const BULK_DAMAGES: Readonly<Record<Size, number>> = { short: 10, full: 200 }

/** From little more than the ballast to what takes a few tables of level. */
const SMALL_DISK = { from: 9_500_000, to: 16_000_000 }
/** One that level's log and tables reach; its log is at most two megabytes. */
const SMALL_FILES = { from: 1_100_000, to: 1_500_000 }

export const adversary: Adversary = {
  number: 25,
  name: 'failing storage',
  about:
    'A disk that fills up, damaged files, a clock that jumps: a clear error, nothing acknowledged lost, it resumes.',
  run: async (size) => {
    const random = new SeededRandom('failing storage')
    const fills = await fillDisks(FILLS[size], random)
    const home = await mkdtemp(join(tmpdir(), 'damage-'))
    try {
      const sample = await makeSample(home, random)
      const ends = await all(DAMAGES[size], () => damageOnce(sample, random))
      const bulkEnds = await all(BULK_DAMAGES[size], () => damageBulkOnce(sample, random))
      const store = measured({ fills, ends, bulkEnds })
      if (size === 'short') return store
      const clocks = await jumpClocks()
      return { figures: { ...store.figures, ...clocks.figures }, bars: [...store.bars, ...clocks.bars] }
    } finally {
      await rm(home, { recursive: true, force: true })
    }
  },
}

async function fillDisks(count: number, random: SeededRandom): Promise<Outcome[]> {
  const between = ({ from, to }: { from: number; to: number }): number => from + random.below(to - from)
  const limits = Array.from({ length: count }, (): Limit[] => [
    ...(canMountSmallDisks() ? [{ how: 'small disk', bytes: between(SMALL_DISK) } as const] : []),
    { how: 'small files', bytes: between(SMALL_FILES) },
  ])
  const outcomes: Outcome[] = []
  for (const limit of limits.flat()) outcomes.push(await fillDisk(limit))
  return outcomes
}

async function all(count: number, once: () => Promise<End>): Promise<End[]> {
  const ends: End[] = []
  while (ends.length < count) ends.push(await once())
  return ends
}

interface Found {
  readonly fills: readonly Outcome[]
  readonly ends: readonly End[]
  readonly bulkEnds: readonly End[]
}

function measured({ fills, ends, bulkEnds }: Found): Measured {
  const count = (wanted: End): number => ends.filter((end) => end === wanted).length
  const clear = fills.filter(
    ({ refused }) => refused.length > 0 && refused.every((code) => code === 'disk/full'),
  ).length
  return {
    figures: {
      'small disks': canMountSmallDisks() ? 'mounted' : 'this machine lets nobody mount any',
      'batches before and after full disks': fills.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
      'damaged stores': ends.length,
      'of them still whole': count('whole'),
      'of them refused, and restored from the backup': count('refused and restored'),
      'stores with damaged bulk': bulkEnds.length,
    },
    bars: [
      atLeast('full disks refused with disk/full alone', clear, fills.length),
      atLeast(
        'full disks after which it resumed',
        fills.filter(({ resumed }) => resumed).length,
        fills.length,
      ),
      atMost(
        'reads that failed while disks were full',
        fills.reduce((sum, { unread }) => sum + unread.length, 0),
        0,
      ),
      atMost(
        'acknowledged and lost on full disks',
        fills.reduce((sum, { lost }) => sum + lost, 0),
        0,
      ),
      atMost('damaged stores that lost something in silence', count('lost in silence'), 0),
      atMost('damaged stores without a clear error', count('unclear'), 0),
      atLeast(
        'stores that went on after damage to bulk',
        bulkEnds.filter((end) => end === 'whole').length,
        bulkEnds.length,
      ),
    ],
  }
}
