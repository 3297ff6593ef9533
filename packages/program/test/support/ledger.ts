// Ledgers of a few leaves with their proofs, written apart from the packages that the program is held against.
import { createHash } from 'node:crypto'
import type { PublicKey } from '@solana/web3.js'
import { u64 } from './network.ts'

export type LedgerLeaf = { readonly amount: bigint; readonly owner: PublicKey; readonly detail: Uint8Array }
export type LedgerRoot = { readonly root: Uint8Array; readonly count: bigint; readonly total: bigint }
export type Ledger = {
  readonly root: LedgerRoot
  /** The arguments that prove the leaf at an index. */
  readonly proof: (index: number) => readonly Uint8Array[]
}

export type WholeLedger = Ledger & { readonly leaves: readonly LedgerLeaf[] }

export const zeroHash: Uint8Array = new Uint8Array(32)
export const emptyRoot: LedgerRoot = { root: zeroHash, count: 0n, total: 0n }

export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

export function tag(text: string): Uint8Array {
  const bytes = new Uint8Array(16)
  bytes.set(Buffer.from(text))
  return bytes
}

export function accountDetail(minAmount: bigint, maxFee: bigint, rest: Uint8Array = zeroHash): Uint8Array {
  return sha256(u64(minAmount), u64(maxFee), new Uint8Array(16), rest)
}

export function jobDetail(done: boolean, rest: Uint8Array = zeroHash): Uint8Array {
  const flags = new Uint8Array(32)
  flags[0] = done ? 1 : 0
  return sha256(flags, rest)
}

export function makeLedger(leaves: readonly LedgerLeaf[]): WholeLedger {
  const levels: (readonly Uint8Array[])[] = [leaves.map(leafHash)]
  for (let zero = zeroHash; (levels.at(-1)?.length ?? 0) > 1; zero = sha256(zero, zero)) {
    levels.push(above(levels.at(-1) ?? [], zero))
  }
  const total = leaves.reduce((sum, leaf) => sum + leaf.amount, 0n)
  const root = { root: levels.at(-1)?.[0] ?? zeroHash, count: BigInt(leaves.length), total }
  return { leaves, root, proof: (index) => proofIn(levels, index) }
}

/** A ledger of 2^depth leaves of which only one is known: large ones at no cost. */
export function makeDeepLedger(leaf: LedgerLeaf, { index, depth }: { index: number; depth: number }): Ledger {
  const siblings = Array.from({ length: depth }, (_, level) => sha256(tag('sibling'), Uint8Array.of(level)))
  const root = siblings.reduce(
    (node, sibling, level) => ((index >> level) & 1 ? sha256(sibling, node) : sha256(node, sibling)),
    leafHash(leaf, index),
  )
  return { root: { root, count: 2n ** BigInt(depth), total: leaf.amount }, proof: () => siblings }
}

function leafHash({ amount, owner, detail }: LedgerLeaf, index: number): Uint8Array {
  return sha256(u64(BigInt(index)), u64(amount), tag('pw/leaf'), sha256(owner.toBytes(), detail))
}

function above(level: readonly Uint8Array[], zero: Uint8Array): readonly Uint8Array[] {
  return Array.from({ length: Math.ceil(level.length / 2) }, (_, at) =>
    sha256(level[2 * at] ?? zero, level[2 * at + 1] ?? zero),
  )
}

function proofIn(levels: readonly (readonly Uint8Array[])[], index: number): readonly Uint8Array[] {
  let [at, zero] = [index, zeroHash]
  return levels.slice(0, -1).map((level) => {
    const sibling = level[at ^ 1] ?? zero
    at >>= 1
    zero = sha256(zero, zero)
    return sibling
  })
}
