// Final states as pages by hash: neighbouring epochs share most of them, and each is there once.
import {
  concat,
  HASH_BYTES,
  type Manifest,
  ProtocolError,
  pageState,
  readManifest,
  restoreState,
  type State,
  toHex,
} from '@piecework/protocol'
import { StoreError } from '../errors.ts'
import { BULK, keyOf, readU64be, u64be, under } from '../records/keys.ts'
import type { Found, Records } from '../records/records.ts'
import { wholeOrNothing } from '../records/seal.ts'
import { Turns } from '../turns.ts'

export interface StoredState {
  readonly epoch: number
  readonly stateHash: Uint8Array
  /** To be served: what `readManifest` reads. */
  readonly manifest: Uint8Array
}

export interface StateStore {
  /** Makes a final state durable, then lets go of those that are more than `retainStates` behind the newest. */
  save(state: State): Promise<StoredState>
  newest(): Promise<StoredState | undefined>
  /** Those that are kept, oldest first. */
  all(): Promise<readonly StoredState[]>
  /** A page of any of them; undefined when it is damaged. */
  page(hash: Uint8Array): Promise<Uint8Array | undefined>
  /** Throws `state/damaged` when a page is damaged or gone: fetch that state again, and save it. */
  restore(epoch: number): Promise<State>
}

export interface StateStoreOptions {
  /** States to keep; 1 at least. */
  readonly retainStates: number
}

/** Pages of one write: what the state's pages take in memory once more. */
const WRITE_PAGES = 16

const pageKey = (hash: Uint8Array): Uint8Array => keyOf(BULK.pages, hash)
/** A genesis state is of epoch -1. */
const manifestKey = (epoch: number): Uint8Array => keyOf(BULK.manifests, u64be(epoch + 1))
/** The manifest of a state whose pages are being written: they are let go when that never ends. */
const UNFINISHED_KEY = keyOf(BULK.unfinishedState)

const hashesIn = ({ sections }: Manifest): Uint8Array[] => sections.flat()

export function stateStore(records: Records, { retainStates }: StateStoreOptions): StateStore {
  const turns = new Turns()

  async function all(): Promise<StoredState[]> {
    const found: StoredState[] = []
    for await (const entry of records.scan(under(keyOf(BULK.manifests)))) found.push(storedIn(entry))
    return found
  }

  async function newest(): Promise<StoredState | undefined> {
    const range = { ...under(keyOf(BULK.manifests)), reverse: true, limit: 1 }
    for await (const entry of records.scan(range)) return storedIn(entry)
    return undefined
  }

  return {
    newest,
    all,
    page: (hash) => records.wholeOf(pageKey(hash)),
    save: (state) =>
      turns.take(async () => {
        await dropUnfinished(records, await all())
        const stored = await write(records, state)
        await retain(records, await all(), retainStates)
        return stored
      }),
    async restore(epoch) {
      const body = await records.get(manifestKey(epoch))
      if (body === undefined) {
        const message = `The state of epoch ${epoch} isn't kept here: ask for a newer one, or fetch it from a verifier.`
        throw new StoreError('state/unknown', message, { epoch })
      }
      return restore(records, storedIn({ key: manifestKey(epoch), body }))
    },
  }
}

function storedIn({ key, body }: Found): StoredState {
  const stateHash = body.subarray(0, HASH_BYTES)
  return { epoch: readU64be(key, 1) - 1, stateHash, manifest: body.subarray(HASH_BYTES) }
}

async function write(records: Records, state: State): Promise<StoredState> {
  const { stateHash, manifest, sections } = pageState(state)
  const stored = { epoch: state.epoch, stateHash, manifest }
  const record = concat([stateHash, manifest])
  await records.transact(async (transaction) => transaction.put(UNFINISHED_KEY, record))
  const hashes = hashesIn(readManifest(manifest, stateHash))
  const pages = sections.flat()
  for (let first = 0; first < pages.length; first += WRITE_PAGES) {
    await records.transact(async (transaction) => {
      for (const [i, page] of pages.slice(first, first + WRITE_PAGES).entries()) {
        const key = pageKey(hashes[first + i] ?? stateHash)
        // A damaged page is written again.
        const held = await wholeOrNothing(() => transaction.get(key))
        if (held === undefined) transaction.put(key, page)
      }
    })
  }
  await records.transact(async (transaction) => {
    transaction.put(manifestKey(state.epoch), record)
    transaction.delete(UNFINISHED_KEY)
  })
  return stored
}

async function restore(records: Records, { epoch, stateHash, manifest }: StoredState): Promise<State> {
  try {
    const read = readManifest(manifest, stateHash)
    const pages = new Map<string, Uint8Array>()
    for (const hash of hashesIn(read)) {
      const page = await records.wholeOf(pageKey(hash))
      if (page !== undefined) pages.set(toHex(hash), page)
    }
    return restoreState(read, (hash) => pages.get(toHex(hash)) ?? new Uint8Array())
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    const message = `The stored state of epoch ${epoch} is damaged: fetch it again from a verifier, and save it.`
    throw new StoreError('state/damaged', message, { epoch, why: error.message })
  }
}

/** The pages first: when this is cut short, the manifest still says what is left to do. */
async function retain(records: Records, states: readonly StoredState[], count: number): Promise<void> {
  const kept = states.slice(-count)
  for (const state of states.slice(0, -count)) {
    await dropPages(records, state, kept)
    await records.transact(async (transaction) => transaction.delete(manifestKey(state.epoch)))
  }
}

async function dropUnfinished(records: Records, kept: readonly StoredState[]): Promise<void> {
  const body = await records.get(UNFINISHED_KEY)
  if (body === undefined) return
  const stateHash = body.subarray(0, HASH_BYTES)
  await dropPages(records, { stateHash, manifest: body.subarray(HASH_BYTES) }, kept)
  await records.transact(async (transaction) => transaction.delete(UNFINISHED_KEY))
}

async function dropPages(
  records: Records,
  { manifest, stateHash }: Pick<StoredState, 'manifest' | 'stateHash'>,
  kept: readonly StoredState[],
): Promise<void> {
  const needed = new Set(
    kept.flatMap((one) => hashesIn(readManifest(one.manifest, one.stateHash)).map(toHex)),
  )
  const free = hashesIn(readManifest(manifest, stateHash)).filter((hash) => !needed.has(toHex(hash)))
  await records.transact(async (transaction) => {
    for (const hash of free) transaction.delete(pageKey(hash))
  })
}
