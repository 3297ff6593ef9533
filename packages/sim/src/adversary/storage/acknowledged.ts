// What a store acknowledged, and whether it still holds all of it.
import { createHash } from 'node:crypto'
import { fromHex, toHex } from '@piecework/protocol'
import { type Setting, type Store, StoreError, u64Setting } from '@piecework/store'
import { stintOf, voteAt } from './signing.ts'

/** One acknowledgement; as a line of JSON it passes from the process that is killed to the one that checks. */
export type Ack =
  | { readonly what: 'batch'; readonly epoch: number; readonly seq: number; readonly hash: string }
  | { readonly what: 'opening'; readonly epoch: number; readonly commit: string }
  | { readonly what: 'vote'; readonly epoch: number; readonly round: number; readonly hash: string }
  | { readonly what: 'content'; readonly hash: string }
  | { readonly what: 'setting'; readonly value: number }

export const COUNT_SETTING: Setting<bigint> = u64Setting('count')

/** How many of these are not there as they were acknowledged. */
export async function countLost(store: Store, acks: readonly Ack[]): Promise<number> {
  const held = new Map<number, Set<string>>()
  let lost = 0
  for (const ack of acks) {
    if (ack.what === 'batch' && !held.has(ack.epoch)) held.set(ack.epoch, await hashesIn(store, ack.epoch))
    const batches = ack.what === 'batch' ? held.get(ack.epoch) : undefined
    const there = batches === undefined ? await holds(store, ack) : batches.has(nameOf(ack))
    if (!there) lost++
  }
  return lost
}

function nameOf(ack: Ack): string {
  return ack.what === 'batch' ? `${ack.seq} ${ack.hash}` : ''
}

async function hashesIn(store: Store, epoch: number): Promise<Set<string>> {
  const hashes = new Set<string>()
  let seq = 0
  for await (const signed of store.receipts.batches(stintOf(epoch))) {
    hashes.add(`${seq++} ${toHex(createHash('sha256').update(signed).digest())}`)
  }
  return hashes
}

async function holds(store: Store, ack: Ack): Promise<boolean> {
  if (ack.what === 'opening') {
    return (await store.receipts.opening(stintOf(ack.epoch), fromHex(ack.commit))) !== undefined
  }
  if (ack.what === 'vote') {
    const hash = await store.guard.permitted(voteAt(ack.epoch, ack.round))
    return hash !== undefined && toHex(hash) === ack.hash
  }
  if (ack.what === 'content') return holdsContent(store, fromHex(ack.hash))
  return ((await store.settings.get(COUNT_SETTING)) ?? -1n) >= BigInt(ack.what === 'setting' ? ack.value : 0)
}

export async function holdsContent(store: Store, hash: Uint8Array): Promise<boolean> {
  const content = await store.content.get(hash)
  if (content === undefined) return false
  const hasher = createHash('sha256')
  try {
    for await (const bytes of content) hasher.update(bytes)
  } catch (error) {
    if (error instanceof StoreError) return false
    throw error
  }
  return toHex(hasher.digest()) === toHex(hash)
}

/** The hash by which a batch is acknowledged: of all that is sent, its signature too. */
export function sentHash(signed: Uint8Array): string {
  return toHex(createHash('sha256').update(signed).digest())
}
