// trace.json: T over chains of batches. `rows` is how many a batch has; `delivered` lists those that were delivered,
// `outputs` are theirs, and `traces` those of the drawn rows, all in row order.
import { deepStrictEqual } from 'node:assert/strict'
import { fromHex, toHex } from '../../packages/protocol/src/bytes.ts'
import { ZERO_HASH } from '../../packages/protocol/src/hash.ts'
import { makeBitmap, nextTrace } from '../../packages/protocol/src/trace.ts'
import type { VectorFile } from './lib/file.ts'
import { someBelow, someBytes } from './lib/random.ts'

interface BatchFinding {
  readonly hash: string
  readonly rows: number
  readonly delivered: readonly number[]
  readonly outputs: readonly string[]
  readonly traces: readonly string[]
}

interface TraceEntry {
  readonly name: string
  readonly batches: readonly BatchFinding[]
  readonly t: readonly string[]
}

interface Plan {
  readonly rows: number
  readonly isDelivered: (row: number) => boolean
  readonly drawn: number
}

const all = (): boolean => true
const nothing = (): boolean => false

const PLANS: Readonly<Record<string, readonly Plan[]>> = {
  'one row': [{ rows: 1, isDelivered: all, drawn: 1 }],
  'nothing delivered, nothing drawn': [{ rows: 5, isDelivered: nothing, drawn: 0 }],
  'rows around the borders of a byte': [7, 8, 9, 16, 17].map((rows) => ({
    rows,
    isDelivered: all,
    drawn: 2,
  })),
  'some delivered': [
    { rows: 20, isDelivered: (row) => row % 3 !== 0, drawn: 4 },
    { rows: 11, isDelivered: (row) => row === 10, drawn: 1 },
    { rows: 3, isDelivered: nothing, drawn: 0 },
  ],
  'a full batch': [{ rows: 1024, isDelivered: (row) => row % 100 === 99, drawn: 5 }],
}

function finding(label: string, { rows, isDelivered, drawn }: Plan): BatchFinding {
  const delivered = [...Array(rows).keys()].filter(isDelivered)
  const output = (row: number): Uint8Array => someBytes(`${label} ${row}`, someBelow(`${label} ${row}`, 40))
  return {
    hash: toHex(someBytes(`${label} hash`)),
    rows,
    delivered,
    outputs: delivered.map((row) => toHex(output(row))),
    traces: [...Array(drawn).keys()].map((i) => toHex(someBytes(`${label} trace ${i}`))),
  }
}

function tracesOf(batches: readonly BatchFinding[]): string[] {
  const t: string[] = []
  let previous = ZERO_HASH
  for (const { hash, rows, delivered, outputs, traces } of batches) {
    previous = nextTrace({
      previous,
      batchHash: fromHex(hash),
      rowCount: rows,
      delivered: makeBitmap(rows, delivered),
      outputs: outputs.map(fromHex),
      traces: traces.map(fromHex),
    })
    t.push(toHex(previous))
  }
  return t
}

function entry([name, plans]: [string, readonly Plan[]]): TraceEntry {
  const batches = plans.map((plan, i) => finding(`trace ${name} ${i}`, plan))
  return { name, batches, t: tracesOf(batches) }
}

export const vectors: VectorFile<TraceEntry> = {
  name: 'trace',
  generate: () => Object.entries(PLANS).map(entry),
  check: ({ batches, t }) => deepStrictEqual(tracesOf(batches), t),
}
