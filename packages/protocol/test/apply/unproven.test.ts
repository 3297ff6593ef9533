// Who needs all of its checkers: a node with less behind a stint than it could gain by it.
import { TOY_KINDS, toyRules } from '@piecework/testkit'
import { describe, expect, test } from 'vitest'
import type { KindRules } from '../../src/facts.ts'
import { firstSay, verifiersSaying } from '../support/checkers.ts'
import { chargedOf, play, smallWorld } from '../support/worlds.ts'

interface Played {
  readonly vouched: bigint
  readonly kinds: readonly KindRules[]
  readonly rows?: number
  readonly kind?: number
}

/** Whether two of three checkers are enough for a node with this vouch and so many rows of 100 each. */
function twoAreEnough({ vouched, kinds, rows = 1, kind = TOY_KINDS.exact }: Played): boolean {
  const { world, job } = smallWorld(
    {
      name: 'two of three',
      kinds,
      verifiers: verifiersSaying(9, firstSay(2, 'right', 'silent')),
      contributors: [{ vouched, capacity: rows }],
    },
    { kind },
  )
  // A job of no deal is known to its nodes from the epoch after its first.
  play(world, 2)
  return chargedOf(world, job) > 0n
}

describe('two of three checkers are enough', () => {
  test('for a bond that the dearest row asks for, and for no less', () => {
    const kinds = toyRules(50_000)
    expect(twoAreEnough({ vouched: 3800n, kinds })).toBe(true)
    expect(twoAreEnough({ vouched: 3799n, kinds })).toBe(false)
  })

  test('for a bond that is worth all rows together, even where every row is drawn', () => {
    const kinds = toyRules(1_000_000)
    expect(twoAreEnough({ vouched: 100n, kinds })).toBe(true)
    expect(twoAreEnough({ vouched: 99n, kinds })).toBe(false)
    expect(twoAreEnough({ vouched: 400n, kinds, rows: 4 })).toBe(true)
    expect(twoAreEnough({ vouched: 399n, kinds, rows: 4 })).toBe(false)
  })

  test('for what is measured, with nothing behind it', () => {
    expect(twoAreEnough({ vouched: 0n, kinds: toyRules(50_000), kind: TOY_KINDS.open })).toBe(false)
    const measured = { vouched: 0n, kinds: toyRules(50_000), kind: TOY_KINDS.measured }
    expect(twoAreEnough(measured)).toBe(true)
  })
})
