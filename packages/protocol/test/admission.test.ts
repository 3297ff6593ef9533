import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AdmittedNode, admitHashes, admitHeads } from '../src/admission.ts'
import { type HeldBatch, readBatch, signBatch } from '../src/batch.ts'
import { ZERO_HASH } from '../src/hash.ts'
import type { InventoryData } from '../src/inventory.ts'

const networkId = new Uint8Array(32).fill(7)

/** A chain of `length` batches; `fork` makes its rows differ from those of other chains of the node. */
function chain(node: number, length: number, { fork = 0, after = [] as HeldBatch[] } = {}): HeldBatch[] {
  const batches = [...after]
  while (batches.length < length) {
    const signed = signBatch(
      {
        networkId,
        epoch: 3,
        nodeKey: new Uint8Array(32).fill(node),
        seq: batches.length,
        prev: batches.at(-1)?.hash ?? ZERO_HASH,
        rows: [{ job: 0, task: batches.length, units: fork, at: 0, commit: new Uint8Array(32) }],
      },
      () => new Uint8Array(64),
    )
    batches.push(readBatch(signed))
  }
  return batches
}

function inventory(verifierId: number, heads: ReadonlyMap<number, HeldBatch>): InventoryData {
  const nodes = [...heads.keys()].sort((a, b) => a - b)
  const columns = nodes.map((node) => heads.get(node)).filter((batch) => batch !== undefined)
  const zero = new Uint8Array(32)
  return {
    header: {
      networkId,
      epoch: 3,
      verifierId,
      buckets: [],
      enrolments: zero,
      known: zero,
      appeals: zero,
      secretHash: zero,
    },
    nodes: Uint32Array.from(nodes),
    seqs: Uint32Array.from(columns, ({ seq }) => seq),
    heads: Uint8Array.from(columns.flatMap(({ hash }) => [...hash])),
    enrolments: [],
    known: [],
    appeals: [],
  }
}

/** Admission among verifiers of weight 10 each, of whom each says which head of node 1 it holds. */
function admit(
  heads: readonly (HeldBatch | undefined)[],
  held: readonly HeldBatch[],
): AdmittedNode | undefined {
  const inventories = heads.map((head, id) =>
    inventory(id, head === undefined ? new Map() : new Map([[1, head]])),
  )
  const weightOf = new Map(heads.map((_, id) => [id, 10]))
  return admitHeads({ inventories, weightOf, totalWeight: 10 * heads.length, chainOf: () => held })[0]
}

/** Of what a node answers for, what can be paid. */
function paidOf(found: AdmittedNode | undefined): readonly HeldBatch[] | undefined {
  return found?.batches.slice(0, found.admitted)
}

const whole = chain(1, 5)
const head = (seq: number): HeldBatch | undefined => whole[seq]

test('a head counts for every batch up to it, and more than a third has to hold what is admitted', () => {
  expect(paidOf(admit([head(4), head(4), head(4)], whole))).toEqual(whole)
  expect(paidOf(admit([head(4), head(2), head(1)], whole))).toEqual(whole.slice(0, 3))
  expect(paidOf(admit([head(4), head(2), undefined], whole))).toEqual(whole.slice(0, 3))
})

test('exactly a third is not more than a third', () => {
  expect(paidOf(admit([head(4), undefined, undefined], whole))).toEqual([])
  expect(paidOf(admit([head(4), undefined], whole))).toEqual(whole)
})

test('a node answers for the longest head that any included inventory lists, admitted or not', () => {
  expect(admit([head(4), head(2), head(1)], whole)).toMatchObject({ batches: whole, admitted: 3 })
  expect(admit([head(4), undefined, undefined], whole)).toMatchObject({ batches: whole, admitted: 0 })
  expect(admit([head(3), undefined, head(0), undefined], whole)?.batches).toEqual(whole.slice(0, 4))
})

test('a head whose chain is not in the data counts for nothing', () => {
  const gap = whole.filter(({ seq }) => seq !== 1)
  expect(admit([head(4), head(4), head(0)], gap)).toMatchObject({ batches: whole.slice(0, 1), admitted: 0 })
  expect(admit([head(4), head(0), head(0)], gap)).toMatchObject({ batches: whole.slice(0, 1), admitted: 1 })
  expect(admit([head(4), head(4), head(4)], [])).toBeUndefined()
})

test('the order of batches and what no included inventory lists change nothing', () => {
  const other = chain(1, 6, { fork: 1, after: whole.slice(0, 2) })
  const held = [...other, ...whole.slice(2)].reverse()
  expect(paidOf(admit([head(4), head(4), head(2)], held))).toEqual(whole)
})

test('two listed branches are an equivocation at the lowest place where they part, however little stake lists one', () => {
  const other = chain(1, 6, { fork: 1, after: whole.slice(0, 2) })
  const heads = [head(4), head(4), head(4), other[5]]
  const found = admit(heads, [...whole, ...other.slice(2)])
  expect(found?.batches).toEqual([])
  expect(found?.equivocation?.map(({ seq }) => seq)).toEqual([2, 2])
  expect(admit([...heads].reverse(), [...other.slice(2), ...whole])).toEqual(found)
})

test('an inventory that names a head at a wrong seq does not count for it', () => {
  const honest = inventory(0, new Map([[1, whole[4] ?? fail()]]))
  const lying = { ...honest, header: { ...honest.header, verifierId: 1 }, seqs: Uint32Array.from([2]) }
  const weightOf = new Map([
    [0, 10],
    [1, 90],
  ])
  const input = { inventories: [honest, lying], weightOf, totalWeight: 100, chainOf: () => whole }
  expect(admitHeads(input)).toMatchObject([{ batches: whole, admitted: 0 }])
})

test('columns of different nodes are walked together, ascending', () => {
  const chains = new Map([1, 2, 5, 9].map((node) => [node, chain(node, node)]))
  const top = (node: number): HeldBatch => chains.get(node)?.at(-1) ?? fail()
  const lists = [
    [1, 2, 9],
    [2, 5, 9],
    [1, 9],
  ]
  const admitted = admitHeads({
    inventories: lists.map((nodes, id) => inventory(id, new Map(nodes.map((node) => [node, top(node)])))),
    weightOf: new Map(lists.map((_, id) => [id, 1])),
    totalWeight: 3,
    chainOf: (node) => chains.get(node) ?? [],
  })
  expect(admitted.map((one) => [one.node, one.batches.length, one.admitted])).toEqual([
    [1, 1, 1],
    [2, 2, 2],
    [5, 5, 0],
    [9, 9, 9],
  ])
})

/** Every branch from a few forks of one node's chain, at most five long. */
const trunk = chain(1, 5)
const branches = [
  trunk,
  chain(1, 5, { fork: 1, after: trunk.slice(0, 1) }),
  chain(1, 4, { fork: 2, after: trunk.slice(0, 3) }),
  chain(1, 3, { fork: 3 }),
]
const everything = [...new Set(branches.flat())]

/** As the page says it: what each inventory holds is followed down batch by batch. */
function admitPlainly(heads: readonly (HeldBatch | undefined)[], held: readonly HeldBatch[]): string {
  const chains = heads.map((listed) => {
    const branch = branches.find((one) => listed !== undefined && one.includes(listed)) ?? []
    const whole = listed === undefined ? [] : branch.slice(0, listed.seq + 1)
    return whole.every((batch) => held.includes(batch)) ? whole : []
  })
  const reached = [...new Set(chains.flat())]
  if (reached.some((a) => reached.some((b) => a !== b && a.seq === b.seq))) return 'equivocation'
  const holders = (batch: HeldBatch): number => chains.filter((one) => one.includes(batch)).length
  const enough = reached.filter((batch) => 3 * holders(batch) > heads.length)
  const last = (batches: readonly HeldBatch[]): number => Math.max(-1, ...batches.map(({ seq }) => seq))
  return `up to ${last(enough)} of ${last(reached)}`
}

function outcomeOf(admitted: AdmittedNode | undefined): string {
  if (admitted?.equivocation !== undefined) return 'equivocation'
  return `up to ${(admitted?.admitted ?? 0) - 1} of ${(admitted?.batches.length ?? 0) - 1}`
}

test('is what following every listed chain by hand gives, in any order of inventories and batches', () => {
  const listed = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...trunk) },
    { weight: 1, arbitrary: fc.constantFrom(...everything) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  )
  const lost = fc.oneof(fc.constant<HeldBatch[]>([]), fc.subarray(everything, { maxLength: 2 }))
  fc.assert(
    fc.property(fc.array(listed, { minLength: 1, maxLength: 7 }), lost, fc.nat(), (heads, missing, shift) => {
      const held = everything.filter((batch) => !missing.includes(batch))
      const turned = held
        .map((_, i) => held[(i + shift) % held.length])
        .filter((batch) => batch !== undefined)
      const found = admit(heads, held)
      expect(outcomeOf(found)).toBe(admitPlainly(heads, held))
      expect(admit([...heads].reverse(), turned)).toEqual(found)
    }),
    { numRuns: 1000 },
  )
})

test('hashes are admitted by the same third', () => {
  const hash = (value: number): Uint8Array => new Uint8Array(32).fill(value)
  const lists = [[hash(1), hash(2)], [hash(2), hash(3)], [hash(2), hash(3)], [hash(9)]]
  const inventories = lists.map((enrolments, id) => ({ ...inventory(id, new Map()), enrolments }))
  const weightOf = new Map(lists.map((_, id) => [id, 5]))
  const admitted = admitHashes({ inventories, weightOf, totalWeight: 20 }, (data) => data.enrolments)
  expect(admitted).toEqual([hash(2), hash(3)])
})

function fail(): never {
  throw new Error('the test has no such batch')
}
