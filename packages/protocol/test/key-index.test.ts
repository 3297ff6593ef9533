// Records are found by their keys, those whose keys begin alike too.
import { expect, test } from 'vitest'
import { KeyIndex } from '../src/key-index.ts'

function keyOf(...bytes: readonly number[]): Uint8Array {
  const key = new Uint8Array(32)
  key.set(bytes)
  return key
}

/** All of them share their first six bytes. */
const ALIKE = [0, 1, 2, 3].map((last) => keyOf(9, 8, 7, 6, 5, 4, last))

test('every key is found where it is, and no other', () => {
  const keys = [keyOf(1), ...ALIKE.slice(0, 3), keyOf(0, 0, 0, 0, 0, 1), keyOf(0, 0, 0, 0, 1)]
  const index = new KeyIndex(keys.length, (position) => keys[position] ?? new Uint8Array())
  expect(keys.map((key) => index.find(key))).toEqual([0, 1, 2, 3, 4, 5])
  for (const absent of [...ALIKE.slice(3), keyOf(2), keyOf()]) expect(index.find(absent)).toBeUndefined()
})

test('what is added later is found, and what has no key is not', () => {
  const keys = [new Uint8Array(), ...ALIKE.slice(0, 1)]
  const index = new KeyIndex(keys.length, (position) => keys[position] ?? new Uint8Array())
  expect(index.find(new Uint8Array())).toBeUndefined()
  for (const key of ALIKE.slice(1)) index.add(keys.push(key) - 1)
  expect(ALIKE.map((key) => index.find(key))).toEqual([1, 2, 3, 4])
})
