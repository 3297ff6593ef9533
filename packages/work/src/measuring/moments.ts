// When a checker measures a node: drawn from a secret of its own, so that no node knows when to be at its best. The hash
// of the secret stands in the checker's inventory of the epoch before: afterwards anybody can be shown that the moments
// were not chosen.
import { createHash, createHmac } from 'node:crypto'
import { concat, equalBytes, HASH_BYTES, readU64, u32le, u64le } from '@piecework/protocol'
import type { MeasuringPlan } from '../kind.ts'

export interface MomentsInput {
  /** 32 random bytes, for one epoch and nothing else. */
  readonly secret: Uint8Array
  readonly epoch: number
  readonly nodeKey: Uint8Array
  /** Its index. */
  readonly job: number
  /** How many. */
  readonly count: number
  /** Slots: the first, and the one after the last. */
  readonly from: number
  readonly to: number
}

/** What these jobs have a checker send to one node in an epoch; as much comes back. */
export function bytesOfPlans(plans: readonly MeasuringPlan[]): number {
  return plans.reduce((sum, { moments, bytes }) => sum + moments * bytes, 0)
}

/** Ascending slots, one in each of `count` equal parts of the time, so that no long stretch goes unmeasured. */
export function momentsOf({ secret, epoch, nodeKey, job, count, from, to }: MomentsInput): number[] {
  return Array.from({ length: count }, (_, k) => {
    const [start, end] = [k, k + 1].map((part) => from + Math.floor(((to - from) * part) / count))
    const length = Math.max(1, (end ?? to) - (start ?? from))
    const drawn = createHmac('sha256', secret)
      .update(concat([u64le(BigInt(epoch)), nodeKey, u32le(job), u32le(k)]))
      .digest()
    return (start ?? from) + Number(readU64(drawn) % BigInt(length))
  })
}

/** By which it is decided whom a checker measures when it can't measure all: the lowest lots first. */
export function lotOf({
  secret,
  epoch,
  nodeKey,
  job,
}: Pick<MomentsInput, 'secret' | 'epoch' | 'nodeKey' | 'job'>): Uint8Array {
  // Of another length than what moments are drawn from: no lot tells a moment.
  const named = concat([u64le(BigInt(epoch)), nodeKey, u32le(job), Uint8Array.of(1)])
  return new Uint8Array(createHmac('sha256', secret).update(named).digest())
}

export function secretHashOf(secret: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(secret).digest())
}

/** Whether this is the secret that the inventory named. */
export function opensSecret(secret: Uint8Array, hash: Uint8Array): boolean {
  return secret.length === HASH_BYTES && equalBytes(secretHashOf(secret), hash)
}
