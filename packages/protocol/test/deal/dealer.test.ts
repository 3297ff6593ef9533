import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Dealer, type DealJob, dealEpoch } from '../../src/deal.ts'
import { ProtocolError } from '../../src/errors.ts'
import { dealInput, START_SLOT } from './cases.ts'
import { nodesOf, openJob, worldInput } from './world.ts'

const opening = (a: DealJob, b: DealJob): number => a.openSlot - b.openSlot || a.job.index - b.job.index

describe('a dealer', () => {
  test('deals jobs as they open to the same deal as all of them at the end', () => {
    fc.assert(
      fc.property(dealInput({ nodes: 20, tasks: 20 }), (input) => {
        const during = input.jobs.filter(({ openSlot }) => openSlot >= START_SLOT).sort(opening)
        const dealer = new Dealer({ ...input, jobs: input.jobs.filter((job) => !during.includes(job)) })
        const dealt = during.map((job) => dealer.open(job)).filter((deal) => deal !== undefined)
        const whole = dealEpoch(input)
        expect(dealer.deal).toEqual(whole)
        expect(whole.jobs.slice(whole.jobs.length - dealt.length)).toEqual(dealt)
      }),
      { numRuns: 300 },
    )
  })

  test('refuses a job that opened before one that it dealt already, twice the same, or before the epoch', () => {
    const opened = (index: number, slot: number): DealJob => ({ ...openJob(index), openSlot: slot })
    const dealer = new Dealer(worldInput({ nodes: nodesOf(3), jobs: [] }))
    expect(() => dealer.open(opened(1, START_SLOT - 1))).toThrow(ProtocolError)
    dealer.open(opened(4, START_SLOT + 2))
    for (const late of [opened(5, START_SLOT + 1), opened(3, START_SLOT + 2), opened(4, START_SLOT + 2)]) {
      expect(() => dealer.open(late)).toThrow('Deal jobs in the order in which they opened')
    }
    expect(() => dealer.open(opened(5, START_SLOT + 2))).not.toThrow()
  })
})
