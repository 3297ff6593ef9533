// What counts of an epoch: what included inventories with more than 1/3 of stake hold, so that at least one honest
// verifier held it. A node answers for what any of them holds: else it could have its work admitted by the inventory of
// a friend, who serves it or not once both have seen the draw. Only what the included data themselves say is looked at,
// so that everybody admits the same.

import type { HeldBatch } from './batch.ts'
import { compareBytes, equalBytes, toHex } from './bytes.ts'
import { ZERO_HASH } from './hash.ts'
import type { InventoryData } from './inventory.ts'

export interface AdmissionInput {
  /** In any order, at most one for each verifier. */
  readonly inventories: readonly InventoryData[]
  readonly weightOf: ReadonlyMap<number, number>
  /** Of the whole snapshot, included or not. */
  readonly totalWeight: number
}

export interface HeadsInput extends AdmissionInput {
  /** The node's valid batches of this epoch in the included data, in any order, each once. Others may be among them. */
  readonly chainOf: (node: number) => readonly HeldBatch[]
}

export interface AdmittedNode {
  readonly node: number
  /** All that the node answers for, by seq. Empty for an equivocation. */
  readonly batches: readonly HeldBatch[]
  /** How many of these are admitted: the rows of the others earn nothing. */
  readonly admitted: number
  /** Two different batches at one seq that the included data hold. */
  readonly equivocation: readonly [HeldBatch, HeldBatch] | undefined
}

/** Ascending by node. Nodes that have nothing to answer for are left out. */
export function admitHeads(input: HeadsInput): AdmittedNode[] {
  const columns = input.inventories.map((data) => new Cursor(data, weightOf(input, data)))
  const admitted: AdmittedNode[] = []
  // One list for all nodes, because there are fifty thousand.
  const listed: Cursor[] = []
  for (;;) {
    const node = smallestNode(columns)
    if (node === undefined) return admitted
    listed.length = 0
    for (const column of columns) if (column.node() === node) listed.push(column)
    const found = admitNode({ node, listed, held: input.chainOf(node), totalWeight: input.totalWeight })
    if (found !== undefined) admitted.push(found)
    for (const column of listed) column.at += 1
  }
}

/** Message hashes that lists with more than 1/3 of stake hold, ascending. */
export function admitHashes(
  input: AdmissionInput,
  listOf: (data: InventoryData) => readonly Uint8Array[],
): Uint8Array[] {
  const held = new Map<string, { hash: Uint8Array; weight: number }>()
  for (const data of input.inventories) {
    const weight = weightOf(input, data)
    for (const hash of listOf(data)) {
      const key = toHex(hash)
      const known = held.get(key)
      if (known === undefined) held.set(key, { hash, weight })
      else known.weight += weight
    }
  }
  const enough = [...held.values()].filter(({ weight }) => overThird(weight, input.totalWeight))
  return enough.map(({ hash }) => hash).sort(compareBytes)
}

function weightOf(input: AdmissionInput, data: InventoryData): number {
  return input.weightOf.get(data.header.verifierId) ?? 0
}

function overThird(weight: number, total: number): boolean {
  return 3 * weight > total
}

/** A place in one inventory's columns. */
class Cursor {
  readonly data: InventoryData
  readonly weight: number
  at = 0

  constructor(data: InventoryData, weight: number) {
    this.data = data
    this.weight = weight
  }

  node(): number | undefined {
    return this.data.nodes[this.at]
  }

  seq(): number {
    return this.data.seqs[this.at] ?? 0
  }

  head(): Uint8Array {
    return this.data.heads.subarray(32 * this.at, 32 * this.at + 32)
  }

  /** Compared in place: an epoch has fifty thousand heads of each verifier. */
  lists(batch: HeldBatch | undefined): boolean {
    if (batch === undefined) return false
    const { heads } = this.data
    const from = 32 * this.at
    for (let i = 0; i < 32; i++) if (heads[from + i] !== batch.hash[i]) return false
    return true
  }
}

function smallestNode(columns: readonly Cursor[]): number | undefined {
  let smallest: number | undefined
  for (const column of columns) {
    const node = column.node()
    if (node !== undefined && (smallest === undefined || node < smallest)) smallest = node
  }
  return smallest
}

interface NodeInput {
  readonly node: number
  readonly listed: readonly Cursor[]
  readonly held: readonly HeldBatch[]
  readonly totalWeight: number
}

function admitNode({ node, listed, held, totalWeight }: NodeInput): AdmittedNode | undefined {
  const chain = isChain(held) ? held : listedChain(held, listed)
  if (isEquivocation(chain)) return { node, batches: [], admitted: 0, equivocation: chain.equivocation }
  const present = listed.filter((column) => column.lists(chain[column.seq()]))
  // Nearly always all list the same head.
  if (present.some((column) => column.seq() !== present[0]?.seq())) present.sort((a, b) => b.seq() - a.seq())
  const [longest] = present
  if (longest === undefined) return undefined
  const length = longest.seq() + 1
  const batches = length === chain.length ? chain : chain.slice(0, length)
  return { node, batches, admitted: admittedLength(present, totalWeight), equivocation: undefined }
}

/** How much of the chain enough stake holds: a head counts for every batch up to it. Heads by falling seq. */
function admittedLength(present: readonly Cursor[], totalWeight: number): number {
  let weight = 0
  for (const column of present) {
    weight += column.weight
    if (overThird(weight, totalWeight)) return column.seq() + 1
  }
  return 0
}

/** The common case: the batches are one whole chain, already in order. */
function isChain(held: readonly HeldBatch[]): boolean {
  let head = ZERO_HASH
  let seq = 0
  for (const batch of held) {
    if (batch.seq !== seq || !equalBytes(batch.prev, head)) return false
    head = batch.hash
    seq += 1
  }
  return true
}

interface Fork {
  readonly equivocation: readonly [HeldBatch, HeldBatch]
}

function isEquivocation(chain: readonly HeldBatch[] | Fork): chain is Fork {
  return 'equivocation' in chain
}

/** What the listed heads reach, all the way down to seq 0: one chain in order, or the lowest place where two part. */
function listedChain(held: readonly HeldBatch[], listed: readonly Cursor[]): readonly HeldBatch[] | Fork {
  const byHash = new Map(held.map((batch) => [toHex(batch.hash), batch]))
  const reached = new Map<string, HeldBatch>()
  for (const column of listed) {
    const chain = chainTo(byHash.get(toHex(column.head())), byHash)
    if (chain.length !== column.seq() + 1) continue
    for (const batch of chain) reached.set(toHex(batch.hash), batch)
  }
  const ordered = [...reached.values()].sort((a, b) => a.seq - b.seq || compareBytes(a.hash, b.hash))
  for (const [i, batch] of ordered.entries()) {
    const next = ordered[i + 1]
    if (next !== undefined && next.seq === batch.seq) return { equivocation: [batch, next] }
  }
  return ordered
}

/** From the head down to seq 0, or nothing where a batch is missing. */
function chainTo(head: HeldBatch | undefined, byHash: ReadonlyMap<string, HeldBatch>): readonly HeldBatch[] {
  const chain: HeldBatch[] = []
  for (let batch = head; batch !== undefined; batch = byHash.get(toHex(batch.prev))) {
    chain.push(batch)
    if (batch.seq === 0) return equalBytes(batch.prev, ZERO_HASH) ? chain : []
    if (batch.seq !== (head?.seq ?? 0) - chain.length + 1) return []
  }
  return []
}
