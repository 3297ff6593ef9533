// Small things that tests of the store say often.
import { createHash } from 'node:crypto'
import { SeededRandom } from '@piecework/testkit'
import { expect } from 'vitest'
import type { StoreErrorCode } from '../../src/index.ts'

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

const random = new SeededRandom('tests of the store')

/** Others each time. */
export function bytes(length: number): Uint8Array {
  return random.bytes(length)
}

export function hashOf(content: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(content).digest())
}

export function refusal(code: StoreErrorCode): unknown {
  return expect.objectContaining({ name: 'StoreError', code })
}

export function text(parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString('hex')
}
