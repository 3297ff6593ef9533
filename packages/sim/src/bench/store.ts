// `bench store`: batches appended to the receipt log and synced, beside bare writes and syncs of the same bytes.
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '@piecework/store'
import { SeededRandom } from '@piecework/testkit/random'
import { type Draft, draftBatch, OPTIONS } from '../adversary/storage/signing.ts'
import { atLeast, type Bench, type Measured } from './types.ts'

const BATCHES = 300
/** Both take turns, and each counts with its best: what else the machine does slows either. */
const ROUNDS = 3
/** Nodes of a verifier that send at once: what comes while the disk syncs shares the next sync. */
const AT_ONCE = 64
/**
 * A guard against getting much slower, and no promise: where a sync is nearly free our own work shows (0.2 to 0.3 of
 * bare), where it takes milliseconds, as on most disks, the two are near each other.
 */
const LEAST = 0.1

export const bench: Bench = {
  name: 'store',
  about:
    'Batches of 16 rows appended to the receipt log and synced, beside bare writes and syncs of the same bytes.',
  run: measure,
}

function draftChain(): Draft[] {
  const random = new SeededRandom('bench store')
  const chain: Draft[] = []
  while (chain.length < BATCHES) chain.push(draftBatch(1, chain.at(-1)?.batch, random))
  return chain
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

async function appendBare(folder: string, chain: readonly Draft[]): Promise<number> {
  const file = await open(join(folder, 'bare'), 'w')
  const taken = await seconds(async () => {
    for (const { signed } of chain) {
      await file.appendFile(signed)
      await file.datasync()
    }
  })
  await file.close()
  return taken
}

async function appendStored(
  folder: string,
  chain: readonly Draft[],
): Promise<{ alone: number; together: number }> {
  const store = await openStore(join(folder, 'store'), OPTIONS)
  const alone = await seconds(async () => {
    for (const { signed } of chain) await store.receipts.append(signed)
  })
  const together = await seconds(async () => {
    for (let first = 0; first < chain.length; first += AT_ONCE) {
      await Promise.all(chain.slice(first, first + AT_ONCE).map(({ batch }) => store.batches.put([batch])))
    }
  })
  await store.close()
  return { alone, together }
}

async function measure(): Promise<Measured> {
  const chain = draftChain()
  let [bare, alone, together] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let round = 0; round < ROUNDS; round++) {
    const folder = await mkdtemp(join(tmpdir(), 'bench-store-'))
    try {
      bare = Math.min(bare, await appendBare(folder, chain))
      const stored = await appendStored(folder, chain)
      alone = Math.min(alone, stored.alone)
      together = Math.min(together, stored.together)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  return {
    figures: {
      batches: BATCHES,
      'appended and synced a second, one by one': Math.round(BATCHES / alone),
      [`taken in and synced a second, ${AT_ONCE} at once`]: Math.round(BATCHES / together),
      'of our own for each, microseconds': Math.round(((alone - bare) / BATCHES) * 1e6),
      'bare writes and syncs a second': Math.round(BATCHES / bare),
    },
    bars: [atLeast('of bare writes and syncs', bare / alone, LEAST)],
  }
}
