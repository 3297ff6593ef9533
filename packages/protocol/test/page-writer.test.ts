// Pages end after so many records, or so many bytes, and hold each record with its length before it.
import { ByteListType } from '@chainsafe/ssz'
import { describe, expect, test } from 'vitest'
import { concat, u32le } from '../src/bytes.ts'
import { PageWriter } from '../src/state/page-writer.ts'
import { plain } from '../src/state/records.ts'
import { at } from './support/chain.ts'

const RECORDS_PER_PAGE = 1024
const PAGE_BYTES = 262_144
const bytes = plain<Uint8Array, Uint8Array>('bytes', new ByteListType(4 * PAGE_BYTES))

function recordOf(length: number, fill = 1): Uint8Array {
  return new Uint8Array(length).fill(fill)
}

function pagesOf(records: readonly Uint8Array[]): readonly Uint8Array[] {
  const writer = new PageWriter()
  writer.addAll(bytes, records)
  return writer.end()
}

function together(records: readonly Uint8Array[]): Uint8Array {
  return concat(records.flatMap((record) => [u32le(record.length), record]))
}

describe('pages', () => {
  test('are none without records', () => {
    expect(pagesOf([])).toEqual([])
  })

  test('end after 1,024 records, also where those are the last', () => {
    const records = Array.from({ length: 2 * RECORDS_PER_PAGE }, (_, i) => recordOf(i % 5, i % 251))
    expect(pagesOf(records)).toEqual([
      together(records.slice(0, RECORDS_PER_PAGE)),
      together(records.slice(RECORDS_PER_PAGE)),
    ])
    expect(pagesOf([...records, recordOf(3)])).toHaveLength(3)
  })

  test('end with the record that brings them to 262,144 bytes', () => {
    const [first, second] = [recordOf(PAGE_BYTES - 9), recordOf(1, 2)]
    const pages = pagesOf([first, second, recordOf(7)])
    expect(Buffer.compare(at(pages, 0), together([first, second]))).toBe(0)
    expect(pages.slice(1)).toEqual([together([recordOf(7)])])
    expect(pagesOf([recordOf(PAGE_BYTES - 10), second, recordOf(7)])).toHaveLength(1)
  })

  test('hold a record that is longer than all of that, after others', () => {
    const records = [recordOf(100, 3), recordOf(3 * PAGE_BYTES, 4), recordOf(5, 6)]
    const pages = pagesOf(records)
    expect(pages).toHaveLength(2)
    expect(Buffer.compare(at(pages, 0), together(records.slice(0, 2)))).toBe(0)
    expect(at(pages, 1)).toEqual(together(records.slice(2)))
  })
})
