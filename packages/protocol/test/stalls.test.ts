// Stalls: whoever is away, and however long, epochs wait for a quorum, none is skipped, and nothing is decided without it.
import { SlotChain } from '@piecework/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { settlingSlots } from '../src/clock.ts'
import { LOCAL_PARAMS } from '../src/presets.ts'

const PARAMS = LOCAL_PARAMS
const LENGTH = PARAMS.epochSlots
/** Of three equal verifiers two are no more than two thirds: one that is away stops everything. */
const STAKES = [100n, 100n, 100n]

interface Stall {
  readonly from: number
  readonly slots: number
}

/** Verifier 0 is away during these. */
function chainWith(stalls: readonly Stall[]): SlotChain {
  return new SlotChain({
    params: PARAMS,
    stakes: STAKES,
    isOnline: (verifier, slot) =>
      verifier !== 0 || !stalls.some(({ from, slots }) => slot >= from && slot < from + slots),
  })
}

function run(chain: SlotChain, slots: number): void {
  for (let i = 0; i < slots; i++) chain.tick()
}

const stall = fc.record({ from: fc.nat(6 * LENGTH), slots: fc.nat(10 * LENGTH) })

describe('without a stall', () => {
  test('every epoch takes its length, and is final before the next one is sealed', () => {
    const chain = chainWith([])
    run(chain, 10 * LENGTH)
    const starts = chain.epochs.map(({ times }) => times.start)
    expect(starts).toEqual(starts.map((_, epoch) => epoch * LENGTH))
    for (const { times } of chain.epochs.slice(0, chain.final + 1)) {
      expect((times.finalSlot ?? Number.NaN) - (times.end ?? Number.NaN)).toBeLessThanOrEqual(
        settlingSlots(PARAMS),
      )
    }
    expect(chain.final).toBe(8)
  })
})

describe('with stalls of any length', () => {
  test('epochs follow each other, none shorter than it should be, each sealed and final after the one before', () => {
    fc.assert(
      fc.property(fc.array(stall, { maxLength: 4 }), (stalls) => {
        const chain = chainWith(stalls)
        const last = Math.max(0, ...stalls.map(({ from, slots }) => from + slots))
        run(chain, last + 3 * LENGTH)
        for (const [i, { times, epoch }] of chain.epochs.entries()) {
          expect(epoch).toBe(i)
          const next = chain.epochs[i + 1]
          if (next === undefined) continue
          expect(times.end).toBe(next.times.start)
          expect(next.times.start - times.start).toBeGreaterThanOrEqual(LENGTH)
          if (next.times.sealedSlot !== undefined) {
            expect(next.times.sealedSlot).toBeGreaterThan(times.finalSlot ?? Number.POSITIVE_INFINITY)
          }
        }
      }),
    )
  })

  test('nothing is sealed or final that not more than two thirds posted and voted for', () => {
    fc.assert(
      fc.property(stall, (one) => {
        const chain = chainWith([one])
        run(chain, one.from + one.slots + LENGTH)
        const isAway = (slot: number): boolean => slot >= one.from && slot < one.from + one.slots
        for (const { times, posted } of chain.epochs) {
          if (times.sealedSlot !== undefined) expect(posted.size).toBe(STAKES.length)
          if (times.votedSlot !== undefined) expect(isAway(times.votedSlot)).toBe(false)
        }
      }),
    )
  })

  test('all that was worked before they end is final within two epochs afterwards', () => {
    fc.assert(
      fc.property(stall, (one) => {
        const chain = chainWith([one])
        run(chain, one.from + one.slots)
        const { working } = chain
        run(chain, 2 * LENGTH)
        const settled = chain.epochs[working]?.times
        // An epoch that has just begun lasts its length, and settles in the one after it.
        const began = (settled?.start ?? 0) > one.from + one.slots - LENGTH
        if (!began) expect(settled?.finalSlot).toBeDefined()
        expect(chain.final).toBeGreaterThanOrEqual(working - 1)
      }),
    )
  })
})
