// A process whose disk fills up under it: it writes until it is refused, tries some times more while it can read all
// that it has, frees space, and goes on without a restart.
// Arguments: the folder, and how little there is: 'small disk' or 'small files'. Its last line tells what happened.
import { createHash } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openStore, type Store, StoreError } from '@piecework/store'
import { SeededRandom } from '@piecework/testkit/random'
import { type Ack, countLost, holdsContent, sentHash } from './acknowledged.ts'
import { type Draft, draftBatch, OPTIONS, stintOf } from './signing.ts'

/** What somebody deletes when the disk is full. To open again, level writes the logs of both databases (2 MB) as tables. */
const BALLAST_BYTES = 8_000_000
/** In files that a limit on their size lets through. */
const BALLAST_FILES = 16
/** Batches before and after the disk is full; more before than fit, and few enough after it. */
const MOST_BATCHES = 5_000
const BATCHES_AFTER = 20
const EPOCH = 1
/** How often what was refused is tried again while the disk is full. */
const TRIES = 3
/** Content of the same disk, until there is no space for it either; more than fit. */
const CONTENT_BYTES = 100_000
const MOST_CONTENT = 200

export interface Outcome {
  readonly acknowledged: number
  /** Codes of what was refused while the disk was full. */
  readonly refused: readonly string[]
  /** What could not be read meanwhile: codes, or how much was missing. */
  readonly unread: readonly string[]
  readonly resumed: boolean
  readonly lost: number
}

const [folder = '', how = ''] = process.argv.slice(2)
const ballast = join(folder, 'ballast')
const random = new SeededRandom('full disk')
const acks: Ack[] = []
const refused: string[] = []
const unread: string[] = []
const contents: Uint8Array[] = []

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

async function fillBulk(store: Store): Promise<void> {
  for (let i = 0; i < MOST_CONTENT; i++) {
    const content = random.bytes(CONTENT_BYTES)
    try {
      await putContent(store, content)
    } catch (error) {
      refused.push(codeOf(error))
      return insist(store, () => putContent(store, content))
    }
  }
}

async function putContent(store: Store, content: Uint8Array): Promise<void> {
  const hash = createHash('sha256').update(content).digest()
  await store.content.put(hash, [content])
  contents.push(hash)
}

/** What is on the disk answers all the time: challenges, and whoever looks at the metrics. */
async function insist(store: Store, write: () => Promise<void>): Promise<void> {
  for (let i = 0; i < TRIES; i++) {
    await readAll(store)
    try {
      // Where only the size of a file is limited, it goes on in another.
      return await write()
    } catch (error) {
      refused.push(codeOf(error))
    }
  }
  await readAll(store)
}

async function readAll(store: Store): Promise<void> {
  try {
    const lost = await countLost(store, acks)
    if (lost > 0) unread.push(`${lost} batches`)
    for (const hash of contents) if (!(await holdsContent(store, hash))) unread.push('content')
    const { items } = await store.content.used()
    if (items !== contents.length) unread.push(`${items} items of ${contents.length}`)
  } catch (error) {
    unread.push(codeOf(error))
  }
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
    await putContent(store, random.bytes(CONTENT_BYTES))
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
if (draft !== undefined) {
  await insist(store, () => append(store, draft))
  // Space that is freed lifts no limit on the size of files: what bulk's log holds by then is too large for a table.
  if (how === 'small disk') await fillBulk(store)
}
const resumed = draft !== undefined && (await resume(store, draft))
await store.close()
const again = await openStore(join(folder, 'store'), OPTIONS)
const lost = await countLost(again, acks)
await again.close()
const outcome: Outcome = { acknowledged: acks.length, refused, unread, resumed, lost }
process.stdout.write(`${JSON.stringify(outcome)}\n`)
