// A process that does what a daemon does with its store, as fast as it can, until it is killed. Each line it prints
// says that something is durable: a signature is out in the world then. Arguments: folder, round.
import { createHash } from 'node:crypto'
import { flushCompileCache } from 'node:module'
import { toHex } from '@piecework/protocol'
import { openStore, type Store, StoreError } from '@piecework/store'
import { SeededRandom } from '@piecework/testkit/random'
import { type Ack, COUNT_SETTING, sentHash } from './acknowledged.ts'
import { draftBatch, OPTIONS, stintOf, voteAt } from './signing.ts'

/** Content beside it, so that tables are written and merged while the process dies. */
const CONTENT_BYTES = 200_000
/** Epochs that stay: what a node still has to answer for. */
const OPEN_EPOCHS = 3
/** Rounds in which this one tries to sign something else than an earlier run did. */
const ROUNDS = 1_000

const [folder = '', round = '0'] = process.argv.slice(2)
const epoch = Math.floor(Number(round) / 2)
const random = new SeededRandom(`writer ${round}`)

/** Pipes are written synchronously: what is printed outlives this process. */
function say(ack: Ack | { readonly what: 'opening store' | 'open' }): void {
  process.stdout.write(`${JSON.stringify(ack)}\n`)
}

/** Refused because something else was signed here before: as it must be. */
async function unlessSigned<T>(sign: Promise<T>): Promise<T | undefined> {
  try {
    return await sign
  } catch (error) {
    if (error instanceof StoreError && error.code === 'guard/conflict') return undefined
    throw error
  }
}

async function appendBatches(store: Store): Promise<never> {
  // Begins as a node that has forgotten what it signed; the guard knows.
  const forgetful = draftBatch(epoch, undefined, random)
  const sent = await unlessSigned(store.receipts.append(forgetful.signed))
  if (sent !== undefined) say({ what: 'batch', epoch, seq: 0, hash: sentHash(sent) })
  for (;;) {
    const after = await store.receipts.head(stintOf(epoch))
    const { signed, batch, openings } = draftBatch(epoch, after, random)
    const [early, ...late] = openings
    if (early !== undefined) {
      await store.receipts.keep(stintOf(epoch), early)
      say({ what: 'opening', epoch, commit: toHex(early.row.commit) })
    }
    say({ what: 'batch', epoch, seq: batch.seq, hash: sentHash(await store.receipts.append(signed, late)) })
  }
}

async function vote(store: Store): Promise<never> {
  for (;;) {
    const voted = random.below(ROUNDS)
    const hash = random.bytes(32)
    const signed = await unlessSigned(store.guard.permit(voteAt(epoch, voted), hash).then(() => hash))
    if (signed !== undefined) say({ what: 'vote', epoch, round: voted, hash: toHex(signed) })
  }
}

async function fetchContent(store: Store): Promise<never> {
  for (;;) {
    const content = random.bytes(CONTENT_BYTES)
    const hash = createHash('sha256').update(content).digest()
    await store.content.put(hash, [content])
    say({ what: 'content', hash: toHex(hash) })
  }
}

async function count(store: Store): Promise<never> {
  for (;;) {
    const value = Number((await store.settings.get(COUNT_SETTING)) ?? 0n) + 1
    await store.settings.set(COUNT_SETTING, BigInt(value))
    say({ what: 'setting', value })
  }
}

async function prune(store: Store): Promise<void> {
  const before = Math.max(0, epoch - OPEN_EPOCHS)
  await store.receipts.prune(before)
  await store.guard.prune(before)
}

// A killed process would never write it.
flushCompileCache()
say({ what: 'opening store' })
const store = await openStore(folder, OPTIONS)
say({ what: 'open' })
await Promise.all([appendBatches(store), vote(store), fetchContent(store), count(store), prune(store)])
