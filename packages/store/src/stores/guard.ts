// The signing guard: one hash for each place that a key may sign once, on disk before the signature leaves.
import { concat, equalBytes, toHex } from '@piecework/protocol'
import { StoreError } from '../errors.ts'
import type { Transaction } from '../records/group.ts'
import { epochs, KEPT, keyOf, metaKey, readU64be, u32be, u64be } from '../records/keys.ts'
import type { Records } from '../records/records.ts'

const ACTS = { batch: 0, inventory: 1, commit: 2, report: 3, vote: 4 } as const

/** What a key signs at most once in its place. */
export interface Place {
  readonly what: keyof typeof ACTS
  readonly epoch: number
  /** The public key that signs. */
  readonly key: Uint8Array
  /** A batch's seq, a vote's round, else 0. */
  readonly at: number
}

export interface SigningGuard {
  /** Resolves once it is durable that this hash may be signed here, and no other; refuses any other. */
  permit(place: Place, hash: Uint8Array): Promise<void>
  /** What was permitted here. */
  permitted(place: Place): Promise<Uint8Array | undefined>
  /**
   * Once for each store, before its key signs anything: a new one remembers nothing of a key that may not be new, so that
   * this becomes its floor. Gives whether it was new.
   */
  begin(floor: number): Promise<boolean>
  /** Nothing new is permitted in epochs before this one: nobody remembers here what was signed in them. */
  floor(): Promise<number>
  /** Never lowers it. For a key that may have signed elsewhere: on a machine that was lost, say. */
  raiseFloor(epoch: number): Promise<void>
  /** Forgets the epochs before this one, and permits nothing in them any more. */
  prune(before: number): Promise<void>
}

/** One record each. */
export const FLOOR_KEY: Uint8Array = metaKey('floor')
const BEGUN_KEY: Uint8Array = metaKey('begun')

function guardKey({ what, epoch, key, at }: Place): Uint8Array {
  return keyOf(KEPT.guard, u64be(epoch), Uint8Array.of(ACTS[what]), concat([key, u32be(at)]))
}

/** As part of a larger transaction: what is signed and the permission to sign it become durable together. */
export async function permitIn(transaction: Transaction, place: Place, hash: Uint8Array): Promise<void> {
  const key = guardKey(place)
  const before = await transaction.get(key)
  if (before === undefined) {
    requireAtFloor(place, await floorIn(transaction))
    transaction.put(key, hash)
  } else if (!equalBytes(before, hash)) {
    throw conflict(place, before, hash)
  }
}

async function floorIn(source: Pick<Transaction, 'get'>): Promise<number> {
  const floor = await source.get(FLOOR_KEY)
  return floor === undefined ? 0 : readU64be(floor)
}

export async function raiseFloorIn(transaction: Transaction, epoch: number): Promise<void> {
  if (epoch > (await floorIn(transaction))) transaction.put(FLOOR_KEY, u64be(epoch))
}

/** False when it had begun before: then its floor is what it is. */
export async function beginIn(transaction: Transaction, floor: number): Promise<boolean> {
  if ((await transaction.get(BEGUN_KEY)) !== undefined) return false
  transaction.put(BEGUN_KEY, new Uint8Array())
  await raiseFloorIn(transaction, floor)
  return true
}

function requireAtFloor(place: Place, floor: number): void {
  if (place.epoch >= floor) return
  throw new StoreError(
    'guard/too-old',
    `Nothing new is signed for epoch ${place.epoch}: what was signed before epoch ${floor} may not be known here.`,
    { epoch: place.epoch, floor },
  )
}

function conflict({ what, epoch, at }: Place, before: Uint8Array, hash: Uint8Array): StoreError {
  return new StoreError(
    'guard/conflict',
    `Another ${what} was signed for epoch ${epoch} (number ${at}): signing two is punished, so send the first again.`,
    { what, epoch, at, signed: toHex(before), refused: toHex(hash) },
  )
}

export function signingGuard(records: Records): SigningGuard {
  return {
    permit: (place, hash) => records.transact((transaction) => permitIn(transaction, place, hash)),
    permitted: (place) => records.get(guardKey(place)),
    begin: (floor) => records.transact((transaction) => beginIn(transaction, floor)),
    floor: () => floorIn(records),
    raiseFloor: (epoch) => records.transact((transaction) => raiseFloorIn(transaction, epoch)),
    async prune(before) {
      await records.transact((transaction) => raiseFloorIn(transaction, before))
      await records.clear(epochs(KEPT.guard, 0, before))
    },
  }
}
