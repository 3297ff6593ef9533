// Any value of a layout: what is made of it must be read back from its bytes.
import fc from 'fast-check'
import { addressOf } from '../../src/address.ts'
import type { Layout } from '../../src/codec/layout.ts'
import { address, epochNumber, hash, natural, u8, u16, u32, u64 } from '../../src/codec/scalars.ts'

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })

const scalars: ReadonlyMap<Layout<unknown>, fc.Arbitrary<unknown>> = new Map<
  Layout<unknown>,
  fc.Arbitrary<unknown>
>([
  [u8, fc.nat(2 ** 8 - 1)],
  [u16, fc.nat(2 ** 16 - 1)],
  [u32, fc.integer({ min: 0, max: 2 ** 32 - 1 })],
  [u64, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })],
  [natural, fc.oneof(fc.maxSafeNat(), fc.constant(Infinity))],
  [epochNumber, fc.oneof(fc.maxSafeInteger(), fc.constant(Infinity))],
  [hash, bytes32],
  [address, bytes32.map(addressOf)],
])

/** Items of a list whose length is free. */
const FREE_ITEMS = 18

export function anyOf(layout: Layout<unknown>): fc.Arbitrary<unknown> {
  const scalar = scalars.get(layout)
  if (scalar !== undefined) return scalar
  if (layout.words !== undefined) return fc.constantFrom(...layout.words)
  if (layout.fields !== undefined) {
    return fc.record(Object.fromEntries(layout.fields.map((field) => [field.name, anyOf(field.layout)])))
  }
  if (layout.item === undefined) throw new Error(`no values are known of ${layout.type}`)
  const length = layout.size / layout.item.size
  const [minLength, maxLength] = layout.lengthOf === undefined ? [length, length] : [0, FREE_ITEMS]
  // One item many times over: long lists are slow to make, and their items are alike.
  return fc
    .tuple(anyOf(layout.item), anyOf(layout.item), fc.integer({ min: minLength, max: maxLength }))
    .map(([odd, even, count]) => Array.from({ length: count }, (_, place) => (place % 2 === 0 ? even : odd)))
}

/** The value as the generic encoding takes it: words as their numbers. */
export function plain(layout: Layout<unknown>, value: unknown): unknown {
  if (layout.words !== undefined) return layout.words.indexOf(value)
  const { fields, item } = layout
  if (fields !== undefined) {
    const byName = new Map(Object.entries(value as object))
    return Object.fromEntries(
      fields.map((field) => [field.name, plain(field.layout, byName.get(field.name))]),
    )
  }
  if (item !== undefined) return (value as unknown[]).map((one) => plain(item, one))
  return value
}
