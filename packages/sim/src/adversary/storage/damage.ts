// Damages one file of a store in one way, opens it, and says what became of it.
import { spawnSync } from 'node:child_process'
import { cp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
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
import { beginPut, PIECES } from './pieces.ts'
import { draftBatch, OPTIONS, stintOf } from './signing.ts'

const EPOCH = 1
const BATCHES = 12
const SECTOR_BYTES = 512

/** A store that was closed, its backup, and what it acknowledged. */
export interface Sample {
  readonly home: string
  readonly acks: readonly Ack[]
}

const PROCESS = join(import.meta.dirname, 'open-damaged.ts')
const DEADLINE_MS = 120_000
/** Two may end badly, over a damaged block; the third looks at all blocks first. */
const STARTS = 3

const storeIn = (home: string): string => join(home, 'store')
const backupIn = (home: string): string => join(home, 'backup')
const acksIn = (home: string): string => join(home, 'acks')
const pristineIn = (home: string): string => join(home, 'pristine')

export async function makeSample(home: string, random: SeededRandom): Promise<Sample> {
  const acks: Ack[] = []
  // Opened twice: the first half is in a table by then, the second in the log.
  for (const pieces of PIECES) {
    const store = await openStore(pristineIn(home), OPTIONS)
    for (let i = 0; i < BATCHES / 2; i++) acks.push(await append(store, random))
    for (const piece of pieces) await piece.put(store)
    await beginPut(store)
    await writeBackupFile(backupIn(home), store.backup(0))
    await store.close()
  }
  await writeFile(acksIn(home), JSON.stringify(acks))
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

/** Of one of level's databases: its own log of events and its lock hold nothing. */
async function filesOf(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => !/^(LOCK|LOG.*)$/.test(name))
  return names.map((name) => join(folder, name))
}

async function damageOneOf(paths: readonly string[], random: SeededRandom): Promise<void> {
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

const ENDS: readonly End[] = ['whole', 'lost in silence', 'unclear']

export async function damageOnce(sample: Sample, random: SeededRandom): Promise<End> {
  const folder = await renew(sample)
  // What can't be lost, or the witness beside it.
  await damageOneOf([...(await filesOf(join(folder, 'kept'))), join(folder, 'witness')], random)
  try {
    return await isWhole(folder, sample, random)
  } catch (error) {
    const clear = error instanceof StoreError && error.code === 'store/corrupt'
    return clear && (await restores(sample, random)) ? 'refused and restored' : 'unclear'
  }
}

/** Of what can be fetched again: nothing acknowledged is lost, nothing is wrong, and all of it can be put again. */
export async function damageBulkOnce(sample: Sample, random: SeededRandom): Promise<End> {
  const folder = await renew(sample)
  await damageOneOf(await filesOf(join(folder, 'bulk')), random)
  for (let start = 0; start < STARTS; start++) {
    const { status, stdout } = spawnSync(process.execPath, [PROCESS, folder, acksIn(sample.home)], {
      encoding: 'utf8',
      timeout: DEADLINE_MS,
    })
    const end = ENDS.find((one) => one === stdout)
    if (status === 0 && end !== undefined) return end
  }
  return 'unclear'
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
