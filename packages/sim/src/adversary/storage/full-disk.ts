// A process whose disk fills up under it: it writes until it is refused, frees space, and goes on without a restart.
// Argument: the folder. Its last line tells what happened.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openStore, type Store, StoreError } from '@piecework/store'
import { SeededRandom } from '@piecework/testkit/random'
import { type Ack, countLost, sentHash } from './acknowledged.ts'
import { type Draft, draftBatch, OPTIONS, stintOf } from './signing.ts'

/** What somebody deletes when the disk is full. To open again, level writes its log (2 MB) once more as a table. */
const BALLAST_BYTES = 4_000_000
/** In files that a limit on their size lets through. */
const BALLAST_FILES = 8
/** Batches before and after the disk is full; more before than fit, and few enough after it. */
const MOST_BATCHES = 5_000
const BATCHES_AFTER = 20
const EPOCH = 1

export interface Outcome {
  readonly acknowledged: number
  /** Codes of what was refused while the disk was full. */
  readonly refused: readonly string[]
  readonly resumed: boolean
  readonly lost: number
}

const [folder = ''] = process.argv.slice(2)
const ballast = join(folder, 'ballast')
const random = new SeededRandom('full disk')
const acks: Ack[] = []
const refused: string[] = []

async function append(store: Store, { signed, batch, openings }: Draft): Promise<void> {
  const sent = await store.receipts.append(signed, openings)
  acks.push({ what: 'batch', epoch: EPOCH, seq: batch.seq, hash: sentHash(sent) })
}

async function next(store: Store): Promise<Draft> {
  return draftBatch(EPOCH, await store.receipts.head(stintOf(EPOCH)), random)
}

/** The batch that there was no space for. */
async function fill(store: Store): Promise<Draft | undefined> {
  for (let i = 0; i < MOST_BATCHES; i++) {
    const draft = await next(store)
    try {
      await append(store, draft)
    } catch (error) {
      refused.push(codeOf(error))
      return draft
    }
  }
  return undefined
}

function codeOf(error: unknown): string {
  if (error instanceof StoreError) return error.code
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

async function resume(store: Store, draft: Draft): Promise<boolean> {
  await rm(ballast, { recursive: true })
  // The refused batch may have become durable all the same: then it is given back, never another.
  try {
    await append(store, draft)
    for (let i = 0; i < BATCHES_AFTER; i++) await append(store, await next(store))
    return true
  } catch (error) {
    refused.push(codeOf(error))
    return false
  }
}

await mkdir(ballast)
for (let i = 0; i < BALLAST_FILES; i++) {
  await writeFile(join(ballast, String(i)), new Uint8Array(BALLAST_BYTES / BALLAST_FILES))
}
const store = await openStore(join(folder, 'store'), OPTIONS)
const draft = await fill(store)
const resumed = draft !== undefined && (await resume(store, draft))
await store.close()
const again = await openStore(join(folder, 'store'), OPTIONS)
const lost = await countLost(again, acks)
await again.close()
const outcome: Outcome = { acknowledged: acks.length, refused, resumed, lost }
process.stdout.write(`${JSON.stringify(outcome)}\n`)
