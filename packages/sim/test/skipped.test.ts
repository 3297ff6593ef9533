// What a machine can't measure is said, and never counts as met.
import { expect, it } from 'vitest'
import { missed, toLine, toTable } from '../src/run/result.ts'

const machine = { node: 'v24', system: 'linux', processor: 'a processor', cores: 2, memoryGB: 8 }
const skipped = { name: '13 packet loss', figures: {}, bars: [], skipped: 'no nft here', machine }

it('a measurement that was skipped is missed, with its reason', () => {
  expect(missed(skipped)).toBe(true)
  expect(missed({ figures: {}, bars: [] })).toBe(false)
  expect(JSON.parse(toLine(skipped))).toMatchObject({ skipped: 'no nft here' })
  expect(toTable([skipped])).toMatch(/no nft here +SKIPPED/)
})
