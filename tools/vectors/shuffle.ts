// shuffle.json: the order of a turn; `order` is what becomes of 0, 1, 2, ...
import { deepEqual } from 'node:assert/strict'
import { fromHex, toHex } from '../../packages/protocol/src/bytes.ts'
import { shuffle } from '../../packages/protocol/src/draws/shuffle.ts'
import type { VectorFile } from './lib/file.ts'
import { someBytes } from './lib/random.ts'

interface ShuffleEntry {
  readonly name: string
  readonly seed: string
  readonly kind: number
  readonly turn: number
  readonly count: number
  readonly order: readonly number[]
}

function orderOf({ seed, kind, turn, count }: Omit<ShuffleEntry, 'order'>): number[] {
  const list = Uint32Array.from({ length: count }, (_, i) => i)
  shuffle(list, { seed: fromHex(seed), kind, turn })
  return [...list]
}

function entry(count: number, kind: number, turn: number): ShuffleEntry {
  const name = `${count} in turn ${turn} of kind ${kind}`
  const input = { name, seed: toHex(someBytes(`shuffle ${name}`)), kind, turn, count }
  return { ...input, order: orderOf(input) }
}

export const vectors: VectorFile<ShuffleEntry> = {
  name: 'shuffle',
  generate: () => [
    entry(0, 1, 0),
    entry(1, 1, 0),
    entry(2, 1, 0),
    entry(2, 1, 1),
    entry(3, 2, 0),
    entry(8, 2, 1),
    entry(9, 2, 2),
    entry(10, 3, 0),
    entry(10, 65_535, 4_294_967_295),
    entry(100, 256, 65_536),
    entry(1000, 4, 7),
  ],
  check: ({ order, ...input }) => deepEqual(orderOf(input), order),
}
