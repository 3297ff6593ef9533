import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dealEpoch } from '../../src/deal.ts'
import { dealInput } from './cases.ts'
import { referenceDeal } from './reference.ts'

describe('the deal', () => {
  test.each([
    { size: { nodes: 14, tasks: 12 }, numRuns: 4000 },
    { size: { nodes: 40, tasks: 40 }, numRuns: 1000 },
    { size: { nodes: 300, tasks: 200 }, numRuns: 100 },
  ])('is what the plain text of the protocol gives: $size', ({ size, numRuns }) => {
    fc.assert(
      fc.property(dealInput(size), (input) => {
        expect(dealEpoch(input)).toEqual(referenceDeal(input))
      }),
      { numRuns },
    )
  })
})
