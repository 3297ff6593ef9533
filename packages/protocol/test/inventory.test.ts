import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toHex } from '../src/bytes.ts'
import { bucketCodec, hashListCodec, inventoryCodec } from '../src/codecs.ts'
import { ProtocolError } from '../src/errors.ts'
import {
  checkInventory,
  type InventoryContents,
  type InventoryParts,
  inventoryRoot,
  makeInventory,
  nodeBucket,
  partHash,
  type ReadInventoryOptions,
  readInventory,
} from '../src/inventory.ts'
import { bytes32 } from './support/arbitrary.ts'

const networkId = new Uint8Array(32).fill(7)
const hash = (value: number): Uint8Array => new Uint8Array(32).fill(value)

/** Node n's key is H of n here: what matters is that buckets and node order have nothing to do with each other. */
const BUCKETS = Array.from({ length: 500 }, (_, n) => nodeBucket(Uint8Array.of(n & 255, n >> 8)))
const bucketOf = (node: number): number | undefined => BUCKETS[node]

function contents(nodes: readonly number[], change: Partial<InventoryContents> = {}): InventoryContents {
  return {
    networkId,
    epoch: 3,
    verifierId: 5,
    secretHash: hash(1),
    nodes: Uint32Array.from(nodes),
    seqs: Uint32Array.from(nodes, (node) => node % 7),
    heads: Uint8Array.from(nodes.flatMap((node) => [...hash(node & 255)])),
    enrolments: [hash(3), hash(2)],
    known: [],
    appeals: [hash(9)],
    ...change,
  }
}

function optionsOf(parts: InventoryParts): ReadInventoryOptions {
  return { networkId, epoch: 3, verifierId: 5, root: inventoryRoot(networkId, parts.header), bucketOf }
}

function codeOf(action: () => unknown): string {
  try {
    action()
    return 'none'
  } catch (error) {
    if (error instanceof ProtocolError) return error.code
    throw error
  }
}

describe('an inventory', () => {
  const nodes = fc.uniqueArray(fc.nat(BUCKETS.length - 1), { maxLength: 80 })

  test('reads back as what was put in, ascending', () => {
    fc.assert(
      fc.property(nodes, (some) => {
        const sorted = [...some].sort((a, b) => a - b)
        const parts = makeInventory(contents(sorted), bucketOf)
        const data = readInventory(parts, optionsOf(parts))
        const { seqs, heads } = contents(sorted)
        expect(data).toMatchObject({ nodes: Uint32Array.from(sorted), seqs, heads })
        expect(data).toMatchObject({ enrolments: [hash(2), hash(3)], known: [], appeals: [hash(9)] })
        checkInventory(data, optionsOf(parts))
      }),
    )
  })

  test('has the bytes that its codecs say', () => {
    const parts = makeInventory(contents([1, 20, 300]), bucketOf)
    const header = inventoryCodec.decode(parts.header)
    expect(header.buckets).toHaveLength(256)
    const entries = parts.buckets.flatMap((bucket) => bucketCodec.decode(bucket))
    expect(entries.map(({ node }) => node).sort((a, b) => a - b)).toEqual([1, 20, 300])
    for (const [i, bucket] of parts.buckets.entries()) {
      const decoded = bucketCodec.decode(bucket)
      expect(bucketCodec.encode(decoded)).toEqual(bucket)
      for (const { node } of decoded) expect(bucketOf(node)).toBe(i)
    }
    expect(hashListCodec.decode(parts.enrolments)).toEqual([hash(2), hash(3)])
  })

  test('differs from another in the buckets of nodes that differ, and nowhere else', () => {
    fc.assert(
      fc.property(nodes, fc.nat(BUCKETS.length - 1), (some, extra) => {
        const before = some.filter((node) => node !== extra).sort((a, b) => a - b)
        const after = [...before, extra].sort((a, b) => a - b)
        const [mine, theirs] = [before, after].map((list) =>
          inventoryCodec.decode(makeInventory(contents(list), bucketOf).header),
        )
        if (mine === undefined || theirs === undefined) throw new Error('two lists make two inventories')
        const differing = theirs.buckets.flatMap((hash, i) =>
          toHex(hash) === toHex(mine.buckets[i] ?? hash) ? [] : [i],
        )
        expect(differing).toEqual([bucketOf(extra)])
      }),
    )
  })
})

describe('an inventory is refused', () => {
  const parts = makeInventory(contents([1, 20, 300]), bucketOf)
  const options = optionsOf(parts)
  const read = (change: Partial<InventoryParts>, also: Partial<ReadInventoryOptions> = {}): string =>
    codeOf(() => readInventory({ ...parts, ...change }, { ...options, ...also }))

  test('that is not the one posted, or another’s', () => {
    expect(read({})).toBe('none')
    expect(read({}, { root: hash(1) })).toBe('inventory/mismatch')
    expect(read({}, { epoch: 4 })).toBe('inventory/mismatch')
    expect(read({}, { verifierId: 6 })).toBe('inventory/mismatch')
    expect(read({}, { networkId: hash(8) })).toBe('inventory/mismatch')
    expect(read({ header: parts.header.slice(1) })).toBe('bytes/malformed')
  })

  test('with any part changed, cut or missing', () => {
    const part = fc.constantFrom('enrolments', 'known', 'appeals', ...parts.buckets.keys())
    fc.assert(
      fc.property(part, fc.uint8Array({ minLength: 1, maxLength: 80 }), (name, bytes) => {
        const change =
          typeof name === 'number' ? { buckets: parts.buckets.with(name, bytes) } : { [name]: bytes }
        expect(read(change)).toBe('inventory/mismatch')
      }),
    )
    expect(read({ buckets: parts.buckets.slice(1) })).toBe('inventory/mismatch')
  })

  /** A header that names bad parts rightly: its verifier lied. */
  const lying = (change: (buckets: Uint8Array[]) => Uint8Array[]): string => {
    const honest = makeInventory(contents([1, 20, 300]), bucketOf)
    const buckets = change([...honest.buckets])
    const header = inventoryCodec.decode(honest.header)
    const hashes = buckets.map((bucket) => partHash(bucket))
    const bytes = inventoryCodec.encode({ ...header, buckets: hashes })
    return codeOf(() =>
      readInventory({ ...honest, header: bytes, buckets }, optionsOf({ ...honest, header: bytes })),
    )
  }

  test('whose verifier lied: nodes out of order, twice, in a wrong bucket, unknown, or cut', () => {
    const place = bucketOf(20) ?? 0
    const entry = (node: number): readonly number[] => [node & 255, node >> 8, 0, 0, ...Array(36).fill(1)]
    const bucketWith = (...list: number[]): ((buckets: Uint8Array[]) => Uint8Array[]) => {
      return (buckets) => buckets.with(place, Uint8Array.from(list.flatMap(entry)))
    }
    const mates = [...BUCKETS.keys()].filter((node) => bucketOf(node) === place)
    const [first = 0, second = 0] = mates
    const stranger = BUCKETS.findIndex((bucket) => bucket !== place)
    expect(second).toBeGreaterThan(first)
    expect(lying(bucketWith(first, second))).toBe('none')
    expect(lying(bucketWith(second, first))).toBe('inventory/mismatch')
    expect(lying(bucketWith(first, first))).toBe('inventory/mismatch')
    expect(lying(bucketWith(stranger))).toBe('inventory/mismatch')
    expect(lying(bucketWith(BUCKETS.length))).toBe('inventory/mismatch')
    expect(lying((buckets) => buckets.with(place, new Uint8Array(41)))).toBe('inventory/mismatch')
  })

  test('in columns that are not what was posted', () => {
    const data = readInventory(parts, options)
    const check = (change: Partial<typeof data>): string =>
      codeOf(() => checkInventory({ ...data, ...change }, options))
    expect(check({})).toBe('none')
    expect(check({ nodes: Uint32Array.of(1, 20, 301) })).toBe('inventory/mismatch')
    expect(check({ nodes: Uint32Array.of(20, 1, 300) })).toBe('inventory/mismatch')
    expect(check({ seqs: data.seqs.map((seq) => seq + 1) })).toBe('inventory/mismatch')
    expect(check({ heads: data.heads.map((byte) => byte ^ 1) })).toBe('inventory/mismatch')
    expect(check({ known: [hash(1)] })).toBe('inventory/mismatch')
    expect(check({ enrolments: [hash(3), hash(2)] })).toBe('bytes/malformed')
  })
})

test('buckets go by the first byte of the hash of a key', () => {
  fc.assert(
    fc.property(bytes32, (key) => {
      expect(nodeBucket(key)).toBe(createHash('sha256').update(key).digest()[0])
    }),
  )
})
