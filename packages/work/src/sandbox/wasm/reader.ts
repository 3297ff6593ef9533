// Reads the binary format of WebAssembly. Every read is bounded by the bytes that are there.
import { WorkError } from '../../errors.ts'

/** A LEB128 number of 32 bits (33 for block types) has at most 5 bytes, one of 64 bits at most 10. */
const LEB32_BYTES = 5
const LEB64_BYTES = 10

export function malformed(why: string, at: number): WorkError {
  return new WorkError('module/malformed', `This is no WebAssembly module: ${why}. Build it again.`, { at })
}

export class Reader {
  readonly bytes: Uint8Array
  at: number
  readonly end: number

  constructor(bytes: Uint8Array, at = 0, end: number = bytes.length) {
    this.bytes = bytes
    this.at = at
    this.end = end
  }

  get done(): boolean {
    return this.at >= this.end
  }

  byte(): number {
    const byte = this.at < this.end ? this.bytes[this.at] : undefined
    if (byte === undefined) throw malformed('it ends too early', this.at)
    this.at += 1
    return byte
  }

  u32(): number {
    const start = this.at
    let value = 0
    for (let i = 0; i < LEB32_BYTES; i++) {
      const byte = this.byte()
      value += (byte & 0x7f) * 2 ** (7 * i)
      if ((byte & 0x80) === 0) return below32(value, start)
    }
    throw malformed('a number is too long', start)
  }

  /** A block type: a type index, or one of the negative numbers that stand for types, as the low 7 bits of its byte. */
  blockType(): number {
    const byte = this.bytes[this.at] ?? 0
    if ((byte & 0xc0) !== 0x40) return this.u32()
    this.at += 1
    return -byte
  }

  skipLeb32(): void {
    this.#skipLeb(LEB32_BYTES)
  }

  skipLeb64(): void {
    this.#skipLeb(LEB64_BYTES)
  }

  #skipLeb(most: number): void {
    const start = this.at
    for (let i = 0; i < most; i++) if ((this.byte() & 0x80) === 0) return
    throw malformed('a number is too long', start)
  }

  skip(length: number): void {
    if (length > this.end - this.at) throw malformed('it ends too early', this.at)
    this.at += length
  }

  /** A part of its own of the next `length` bytes. */
  part(length: number): Reader {
    const start = this.at
    this.skip(length)
    return new Reader(this.bytes, start, this.at)
  }

  /** How many things follow: each has a byte at least. */
  count(): number {
    const count = this.u32()
    if (count > this.end - this.at) throw malformed('a list is longer than the module', this.at)
    return count
  }

  name(): string {
    const { at, end } = this.part(this.u32())
    return new TextDecoder().decode(this.bytes.subarray(at, end))
  }

  finish(what: string): void {
    if (!this.done) throw malformed(`${what} has bytes left over`, this.at)
  }
}

function below32(value: number, at: number): number {
  if (value >= 2 ** 32) throw malformed('a number has more than 32 bits', at)
  return value
}
