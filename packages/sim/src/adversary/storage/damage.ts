// Damages one file of a store in one way, opens it, and says what became of it.
import { cp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  openStore,
  readBackupFile,
  restoreStore,
  type Store,
  StoreError,
  writeBackupFile,
} from '@piecework/store'
import type { SeededRandom } from '@piecework/testkit/random'
import { type Ack, countLost, sentHash } from './acknowledged.ts'
import { draftBatch, OPTIONS, stintOf } from './signing.ts'

const EPOCH = 1
const BATCHES = 12
const SECTOR_BYTES = 512

/** A store that was closed, its backup, and what it acknowledged. */
export interface Sample {
  readonly home: string
  readonly acks: readonly Ack[]
}

const storeIn = (home: string): string => join(home, 'store')
const backupIn = (home: string): string => join(home, 'backup')
const pristineIn = (home: string): string => join(home, 'pristine')

export async function makeSample(home: string, random: SeededRandom): Promise<Sample> {
  const acks: Ack[] = []
  // Opened twice: the first half is in a table by then, the second in the log.
  for (let half = 0; half < 2; half++) {
    const store = await openStore(pristineIn(home), OPTIONS)
    for (let i = 0; i < BATCHES / 2; i++) acks.push(await append(store, random))
    await writeBackupFile(backupIn(home), store.backup(0))
    await store.close()
  }
  return { home, acks }
}

async function append(store: Store, random: SeededRandom, epoch: number = EPOCH): Promise<Ack> {
  const { signed, batch, openings } = draftBatch(epoch, await store.receipts.head(stintOf(epoch)), random)
  const sent = await store.receipts.append(signed, openings)
  return { what: 'batch', epoch, seq: batch.seq, hash: sentHash(sent) }
}

async function renew({ home }: Sample): Promise<string> {
  await rm(storeIn(home), { recursive: true, force: true })
  await cp(pristineIn(home), storeIn(home), { recursive: true })
  return storeIn(home)
}

const WAYS = ['flip', 'zeros', 'cut', 'gone'] as const

/** One file of what can't be lost, or the witness beside it. */
async function damage(folder: string, random: SeededRandom): Promise<void> {
  const files = (await readdir(join(folder, 'kept'))).filter((name) => !/^(LOCK|LOG.*)$/.test(name))
  const paths = [...files.map((name) => join(folder, 'kept', name)), join(folder, 'witness')]
  const path = paths[random.below(paths.length)] ?? ''
  const bytes = await readFile(path)
  const at = random.below(Math.max(1, bytes.length))
  const way = WAYS[random.below(WAYS.length)]
  if (way === 'gone') await rm(path)
  else if (way === 'cut') await truncate(path, at)
  else if (way === 'zeros')
    await writeFile(path, bytes.fill(0, at, Math.min(bytes.length, at + SECTOR_BYTES)))
  else await writeFile(path, bytes.with(at, (bytes[at] ?? 0) ^ (1 + random.below(255))))
}

export type End =
  /** Everything is there, and the next batch follows. */
  | 'whole'
  /** Refused with what to do, and the backup goes on where it was taken. */
  | 'refused and restored'
  /** It opened, and something acknowledged is missing. */
  | 'lost in silence'
  /** Anything else: another error, or a backup that doesn't help. */
  | 'unclear'

export async function damageOnce(sample: Sample, random: SeededRandom): Promise<End> {
  const folder = await renew(sample)
  await damage(folder, random)
  try {
    return await isWhole(folder, sample, random)
  } catch (error) {
    const clear = error instanceof StoreError && error.code === 'store/corrupt'
    return clear && (await restores(sample, random)) ? 'refused and restored' : 'unclear'
  }
}

async function isWhole(folder: string, { acks }: Sample, random: SeededRandom): Promise<End> {
  const store = await openStore(folder, OPTIONS)
  try {
    if ((await countLost(store, acks)) > 0) return 'lost in silence'
    await append(store, random)
    return 'whole'
  } finally {
    await store.close()
  }
}

/** On an empty folder: all batches are back, nothing new is signed in their epoch, and the next epoch goes on. */
async function restores({ home, acks }: Sample, random: SeededRandom): Promise<boolean> {
  const folder = storeIn(home)
  await rm(folder, { recursive: true, force: true })
  const { networkId } = OPTIONS
  await restoreStore(folder, { networkId, backup: readBackupFile(backupIn(home)), signFromEpoch: EPOCH + 1 })
  const store = await openStore(folder, OPTIONS)
  try {
    if ((await countLost(store, acks)) > 0) return false
    await append(store, random, EPOCH + 1)
    return await refusesIn(store, random)
  } finally {
    await store.close()
  }
}

async function refusesIn(store: Store, random: SeededRandom): Promise<boolean> {
  try {
    await append(store, random, EPOCH)
    return false
  } catch (error) {
    return error instanceof StoreError && error.code === 'guard/too-old'
  }
}

/** Opens the store with all its files dated another year: what is left behind by a clock that jumped. */
export async function openAfterJump(sample: Sample, seconds: number, random: SeededRandom): Promise<End> {
  const folder = await renew(sample)
  for (const name of await readdir(folder, { recursive: true }))
    await utimes(join(folder, name), seconds, seconds)
  return isWhole(folder, sample, random)
}
