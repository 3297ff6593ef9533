// The program's types. Money and masks are bigint; indices, slots and epochs are numbers, and 'never' is Infinity.
import { ADDRESS_BYTES, type Address, addressOf, bytesOf } from '../address.ts'
import { ChainError } from '../errors.ts'
import type { Layout } from './layout.ts'

export const HASH_BYTES = 32

const U64_MAX = 2n ** 64n - 1n
const I64_MAX = 2n ** 63n - 1n

function unsigned(type: string, size: 1 | 2 | 4): Layout<number> {
  const limit = 2 ** (8 * size)
  return {
    type,
    size,
    read: (view, at) => {
      if (size === 1) return view.getUint8(at)
      return size === 2 ? view.getUint16(at, true) : view.getUint32(at, true)
    },
    write: (value, view, at) => {
      if (!Number.isInteger(value) || value < 0 || value >= limit) throw outOfRange(value, type)
      if (size === 1) view.setUint8(at, value)
      else if (size === 2) view.setUint16(at, value, true)
      else view.setUint32(at, value, true)
    },
  }
}

export const u8: Layout<number> = unsigned('u8', 1)
export const u16: Layout<number> = unsigned('u16', 2)
export const u32: Layout<number> = unsigned('u32', 4)

export const u64: Layout<bigint> = {
  type: 'u64',
  size: 8,
  read: (view, at) => view.getBigUint64(at, true),
  write: (value, view, at) => {
    if (value < 0n || value > U64_MAX) throw outOfRange(value, 'u64')
    view.setBigUint64(at, value, true)
  },
}

/** A slot, a round or a number of leaves: its largest value stands for never. */
export const natural: Layout<number> = {
  type: 'u64',
  size: 8,
  read: (view, at) => numberFrom(view.getBigUint64(at, true), U64_MAX),
  write: (value, view, at) => {
    if (value < 0) throw outOfRange(value, 'u64')
    view.setBigUint64(at, value === Infinity ? U64_MAX : integerFrom(value), true)
  },
}

/** An epoch's number: -2 and -1 have seeds too. */
export const epochNumber: Layout<number> = {
  type: 'i64',
  size: 8,
  read: (view, at) => numberFrom(view.getBigInt64(at, true), I64_MAX),
  write: (value, view, at) => view.setBigInt64(at, value === Infinity ? I64_MAX : integerFrom(value), true),
}

export const address: Layout<Address> = {
  type: 'address',
  size: ADDRESS_BYTES,
  read: (view, at) => addressOf(bytesAt(view, at, ADDRESS_BYTES)),
  write: (value, view, at) => putBytes(bytesOf(value), view, at),
}

export const hash: Layout<Uint8Array> = {
  type: 'hash',
  size: HASH_BYTES,
  read: (view, at) => bytesAt(view, at, HASH_BYTES),
  write: (value, view, at) => {
    if (value.length !== HASH_BYTES) throw outOfRange(`${value.length} bytes`, 'hash')
    putBytes(value, view, at)
  },
}

/** A byte that says one of a few things: the place in the list is the number. */
export function oneOf<T extends string | boolean>(words: readonly T[]): Layout<T> {
  return {
    type: 'u8',
    size: 1,
    words,
    read: (view, at) => {
      const word = words[view.getUint8(at)]
      if (word === undefined) throw malformed(`${view.getUint8(at)} is none of ${words.join(', ')}`)
      return word
    },
    write: (value, view, at) => {
      const place = words.indexOf(value)
      if (place === -1) throw outOfRange(value, words.join(', '))
      view.setUint8(at, place)
    },
  }
}

export const flag: Layout<boolean> = oneOf([false, true])

function bytesAt(view: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, length).slice()
}

function putBytes(bytes: Uint8Array, view: DataView, at: number): void {
  new Uint8Array(view.buffer, view.byteOffset + at, bytes.length).set(bytes)
}

function numberFrom(value: bigint, never: bigint): number {
  if (value === never) return Infinity
  const number = Number(value)
  if (Number.isSafeInteger(number)) return number
  throw malformed(`${value} is beyond every slot and epoch`)
}

function integerFrom(value: number): bigint {
  if (Number.isSafeInteger(value)) return BigInt(value)
  throw outOfRange(value, 'a whole number')
}

function malformed(why: string): ChainError {
  return new ChainError('account/malformed', `The data can't be read: ${why}. Is this a newer program?`)
}

function outOfRange(value: unknown, type: string): ChainError {
  return new ChainError('value/out-of-range', `${String(value)} is no ${type}`, { value, type })
}
