// What lies in bulk: a piece of each sort, to be looked for after damage and put again, as a daemon fetches it again.
import { createHash } from 'node:crypto'
import {
  equalBytes,
  genesisState,
  type HeldBatch,
  h,
  pageState,
  type State,
  u32le,
} from '@piecework/protocol'
import { type Store, StoreError } from '@piecework/store'
import { SeededRandom } from '@piecework/testkit/random'
import { holdsContent } from './acknowledged.ts'
import { draftBatch, OPTIONS, stintOf } from './signing.ts'

const EPOCH = 1
const CONTENT_BYTES = 100_000
/** More than a chunk: its first part is on disk before the rest comes. */
const UNFINISHED_BYTES = 2_500_000
const NODES = 200
const CHAIN = 4

export type Found = 'whole' | 'gone' | 'wrong'

interface Piece {
  readonly put: (store: Store) => Promise<unknown>
  readonly find: (store: Store) => Promise<Found>
}

function hashOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest())
}

function sameAs(wanted: Uint8Array, found: Uint8Array | undefined): Found {
  if (found === undefined) return 'gone'
  return equalBytes(found, wanted) ? 'whole' : 'wrong'
}

function contentOf(fill: number): Piece {
  const bytes = new Uint8Array(CONTENT_BYTES).fill(fill)
  const hash = hashOf(bytes)
  return {
    put: (store) => store.content.put(hash, [bytes]),
    find: async (store) => ((await holdsContent(store, hash)) ? 'whole' : 'gone'),
  }
}

function stateOf(): Piece {
  const terms = { kinds: [], attributes: [], expiresAtEpoch: 9, vouched: 0n, minAmount: 0n, maxFee: 0n }
  const nodes = Array.from({ length: NODES }, (_, i) => {
    const nodeKey = h('pw/nodes', u32le(i))
    return { nodeKey, wallet: nodeKey, ...terms }
  })
  const genesis = genesisState({ networkId: OPTIONS.networkId, nodes, kinds: [], trialRows: 5 })
  const state: State = { ...genesis, epoch: EPOCH }
  const { stateHash } = pageState(state)
  const restored = async (store: Store): Promise<State | undefined> => {
    try {
      return await store.states.restore(EPOCH)
    } catch (error) {
      if (error instanceof StoreError && /^(state|record)\//.test(error.code)) return undefined
      throw error
    }
  }
  return {
    put: (store) => store.states.save(state),
    async find(store) {
      const found = await restored(store)
      return sameAs(stateHash, found && pageState(found).stateHash)
    },
  }
}

function batchesOf(random: SeededRandom): Piece {
  const chain: HeldBatch[] = []
  while (chain.length < CHAIN) chain.push(draftBatch(EPOCH, chain.at(-1), random).batch)
  return {
    put: (store) => store.batches.put(chain),
    async find(store) {
      const wanted = new Set(chain.map(({ signed }) => Buffer.from(signed).toString('hex')))
      for await (const signed of store.batches.of(stintOf(EPOCH)))
        if (!wanted.delete(Buffer.from(signed).toString('hex'))) return 'wrong'
      return wanted.size === 0 ? 'whole' : 'gone'
    },
  }
}

function fileOf(files: 'duties' | 'results', bytes: Uint8Array): Piece {
  return {
    put: (store) => store[files].keep(EPOCH, [{ name: 'a file', bytes }]),
    find: async (store) => sameAs(bytes, await store[files].find(EPOCH, 'a file')),
  }
}

function openingOf(random: SeededRandom): Piece {
  const [opening] = draftBatch(EPOCH, undefined, random).openings
  if (opening === undefined) throw new Error('a batch has rows')
  return {
    put: (store) => store.openings.keep(stintOf(EPOCH), opening),
    async find(store) {
      const found = await store.openings.find(stintOf(EPOCH), opening.row.commit)
      return sameAs(opening.output, found?.output)
    },
  }
}

const random = new SeededRandom('pieces of bulk')

/** For each time that the sample is opened: the first in a table, the others in the log. */
export const PIECES: readonly (readonly Piece[])[] = [
  [contentOf(1), stateOf(), batchesOf(random), fileOf('duties', random.bytes(5_000)), openingOf(random)],
  [contentOf(2), fileOf('results', random.bytes(5_000)), openingOf(random)],
]

/** Of all content that is put again and again. */
const CONTENT: { readonly items: number; readonly bytes: number } = {
  items: PIECES.length,
  bytes: PIECES.length * CONTENT_BYTES,
}

/** A put that is under way for ever: the next start has its chunks to drop, and they may be damaged. */
export async function beginPut(store: Store): Promise<void> {
  const bytes = new Uint8Array(UNFINISHED_BYTES).fill(3)
  const spilled = Promise.withResolvers<void>()
  const stream = async function* (): AsyncGenerator<Uint8Array> {
    yield bytes
    spilled.resolve()
    await new Promise(() => {})
  }
  void store.content.put(hashOf(Uint8Array.of(3)), stream())
  await spilled.promise
}

/** There and whole, or put again; nothing is another than it was, and content is counted as it is there. */
export async function fetchesAgain(store: Store): Promise<boolean> {
  for (const piece of PIECES.flat()) {
    const found = await piece.find(store)
    if (found === 'gone') await piece.put(store)
    if (found === 'wrong' || (await piece.find(store)) !== 'whole') return false
  }
  const { items, bytes } = await store.content.used()
  return items === CONTENT.items && bytes === CONTENT.bytes
}
