// SSZ, made strict: one value has one encoding and the other way round, and whatever is wrong is a ProtocolError.
import { ByteVectorType, type ByteViews, type Type, UintBigintType, UintNumberType } from '@chainsafe/ssz'
import { compareBytes, equalBytes } from '../bytes.ts'
import { ProtocolError } from '../errors.ts'

export interface Codec<T> {
  /** For who describes the bytes: docs/protocol.md is written from it. */
  readonly layout: Layout
  encode(value: T): Uint8Array
  decode(bytes: Uint8Array): T
}

export interface Layout {
  /** For messages: 'a batch'. */
  readonly name: string
  readonly type: Type<unknown>
  readonly maxBytes: number
}

export interface StrictLayout<T, Wire extends T> extends Layout {
  readonly type: Type<Wire>
  /** What is wrong with a well-formed value, or undefined. */
  readonly fault?: (value: T) => string | undefined
}

/** A u64 that is a JS number: epochs, rounds and counts. */
class SafeUint64Type extends UintNumberType {
  constructor() {
    super(8)
  }

  override value_deserializeFromBytes(data: ByteViews, start: number, end: number): number {
    const value = super.value_deserializeFromBytes(data, start, end)
    if (!Number.isSafeInteger(value)) throw new RangeError('a number is beyond 2^53')
    return value
  }
}

export const u8: UintNumberType = new UintNumberType(1)
export const u16: UintNumberType = new UintNumberType(2)
export const u32: UintNumberType = new UintNumberType(4)
export const u64Number: UintNumberType = new SafeUint64Type()
export const u64: UintBigintType = new UintBigintType(8)
export const bytes32: ByteVectorType = new ByteVectorType(32)

export function strict<T, Wire extends T>(layout: StrictLayout<T, Wire>): Codec<T> {
  const { name, type, maxBytes } = layout

  function decode(bytes: Uint8Array): Wire {
    if (bytes.length > maxBytes) throw tooLong(name, bytes.length, maxBytes)
    const value = attempt(name, () => type.deserialize(bytes))
    const fault = layout.fault?.(value)
    if (fault !== undefined) throw malformed(name, fault)
    if (!equalBytes(type.serialize(value), bytes))
      throw malformed(name, 'it is not the one encoding of its value')
    return value
  }

  function encode(value: T): Uint8Array {
    // SSZ writes lists as it gets them, and only its types ask for mutable ones.
    const wire = value as Wire
    const bytes = attempt(name, () => type.serialize(wire))
    // SSZ cuts numbers and ignores limits when it writes: what reads back as something else has no encoding.
    if (!type.equals(decode(bytes), wire)) throw malformed(name, 'a field is out of range')
    return bytes
  }

  return { layout, encode, decode }
}

/** A codec of T by way of another form of it: strings as bytes, say. */
export function mapped<T, Wire>(
  codec: Codec<Wire>,
  toWire: (value: T) => Wire,
  fromWire: (wire: Wire) => T,
): Codec<T> {
  return {
    layout: codec.layout,
    encode: (value) => codec.encode(toWire(value)),
    decode: (bytes) => fromWire(codec.decode(bytes)),
  }
}

function attempt<T>(name: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (error instanceof ProtocolError) throw error
    throw malformed(name, error instanceof Error ? error.message : String(error))
  }
}

export function malformed(name: string, why: string): ProtocolError {
  return new ProtocolError('bytes/malformed', `This is not ${name}: ${why}.`, { name, why })
}

export function tooLong(name: string, length: number, limit: number): ProtocolError {
  const message = `${length} bytes are more than ${name} may have, ${limit}.`
  return new ProtocolError('bytes/too-long', message, { name, length, limit })
}

// A byte order mark is kept, so that text reads back as the bytes it came from.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function textToBytes(text: string): Uint8Array {
  if (!text.isWellFormed()) throw malformed('text', 'it holds half of a surrogate pair')
  return new TextEncoder().encode(text)
}

export function textFromBytes(bytes: Uint8Array): string {
  return attempt('text', () => utf8.decode(bytes))
}

/** Strictly ascending by the given comparison. */
export function ascending<T>(list: readonly T[], compare: (a: T, b: T) => number): boolean {
  return list.every((value, i) => {
    const before = i > 0 ? list[i - 1] : undefined
    return before === undefined || compare(before, value) < 0
  })
}

export function ascendingBytes(list: readonly Uint8Array[]): boolean {
  return ascending(list, compareBytes)
}
