// rows.json: which rows of a batch are drawn. `rate` is in parts per million; `values` are those of its rows in order.
import { deepEqual } from 'node:assert/strict'
import { fromHex, toHex } from '../../packages/protocol/src/bytes.ts'
import { StintDraw } from '../../packages/protocol/src/draws/rows.ts'
import type { VectorFile } from './lib/file.ts'
import { someBelow, someBytes } from './lib/random.ts'

interface RowsEntry {
  readonly name: string
  readonly seed: string
  readonly nodeKey: string
  readonly seq: number
  readonly rate: number
  readonly bond: string
  readonly values: readonly string[]
  readonly drawn: readonly number[]
}

function drawnOf({ seed, nodeKey, seq, rate, bond, values }: Omit<RowsEntry, 'drawn'>): number[] {
  const stint = new StintDraw({ seed: fromHex(seed), nodeKey: fromHex(nodeKey), bond: BigInt(bond) })
  const batch = stint.batch(seq, values.length)
  return [...values.keys()].filter((row) => batch.drawn(row, stint.limit(rate, BigInt(values[row] ?? 0))))
}

interface Rows {
  readonly seq?: number
  readonly rate: number
  readonly bond: bigint
  readonly values: readonly bigint[]
}

function entry(name: string, { seq = 0, rate, bond, values }: Rows): RowsEntry {
  const input = {
    name,
    seed: toHex(someBytes(`rows ${name} seed`)),
    nodeKey: toHex(someBytes(`rows ${name} node`)),
    seq,
    rate,
    bond: String(bond),
    values: values.map(String),
  }
  return { ...input, drawn: drawnOf(input) }
}

function alike(count: number, value: bigint): bigint[] {
  return new Array<bigint>(count).fill(value)
}

const mixed = Array.from({ length: 64 }, (_, i) => BigInt(someBelow(`rows value ${i}`, 10) ** 4))
const U64_MAX = 2n ** 64n - 1n

export const vectors: VectorFile<RowsEntry> = {
  name: 'rows',
  generate: () => [
    entry('a newcomer without bond', { rate: 50_000, bond: 0n, values: alike(9, 100n) }),
    entry('a newcomer without bond, worthless rows', { rate: 50_000, bond: 0n, values: alike(100, 0n) }),
    entry('a kind whose every row is drawn', { rate: 1_000_000, bond: 10n ** 12n, values: alike(5, 1n) }),
    entry('a rate of zero', { rate: 0, bond: 1000n, values: alike(64, 100n) }),
    entry('a rate of zero, worthless rows', { rate: 0, bond: 0n, values: alike(16, 0n) }),
    entry('a full bond at the default rate', { rate: 50_000, bond: 3800n, values: alike(1024, 100n) }),
    entry('half a bond', { rate: 50_000, bond: 1900n, values: alike(200, 100n) }),
    entry('rows of very different value', { rate: 50_000, bond: 20_000n, values: mixed }),
    entry('a later batch', { seq: 7, rate: 50_000, bond: 20_000n, values: mixed }),
    entry('the last batch there can be', {
      seq: 2 ** 32 - 1,
      rate: 200_000,
      bond: 900n,
      values: alike(30, 50n),
    }),
    entry('amounts of 64 bits', { rate: 1, bond: U64_MAX, values: alike(32, U64_MAX / 3n) }),
    entry('no rows', { rate: 50_000, bond: 0n, values: [] }),
  ],
  check: ({ drawn, ...input }) => deepEqual(drawnOf(input), drawn),
}
