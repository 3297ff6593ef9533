import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type EpochTimes,
  epochAt,
  type PhaseName,
  phaseAt,
  phasesFit,
  sealTarget,
  settlingSlots,
  startAfterNext,
} from '../src/clock.ts'
import type { Params } from '../src/facts.ts'
import { LOCAL_PARAMS, PUBLIC_PARAMS } from '../src/presets.ts'

const ORDER: readonly PhaseName[] = [
  'before',
  'work',
  'intake',
  'inventory',
  'seal',
  'challenge',
  'commit',
  'reveal',
  'round',
  'dispute',
  'final',
]

/** How long, beyond the shortest, each step that somebody has to take is late in one epoch. */
interface Stall {
  readonly quorum: number
  readonly seal: number
  readonly rounds: number
  readonly vote: number
  readonly finalize: number
}

const NO_STALL: Stall = { quorum: 0, seal: 0, rounds: 0, vote: 0, finalize: 0 }

interface Ran {
  readonly times: Required<EpochTimes>
  /** When the end of its work was written on chain. */
  readonly endKnown: number
  readonly sealedSlot: number
  readonly finalSlot: number
}

/** A chain that goes through one epoch after another, late as the stalls say. */
function run(
  params: Params,
  stalls: readonly Stall[],
): { readonly starts: readonly number[]; readonly epochs: readonly Ran[] } {
  const starts = [params.margin, params.margin + params.epochSlots]
  const epochs: Ran[] = []
  for (const [e, stall] of stalls.entries()) {
    const [start, end] = [starts[e] ?? 0, starts[e + 1] ?? 0]
    const quorumSlot = end + stall.quorum
    const target = sealTarget({ end, quorumSlot, previousFinalSlot: epochs.at(-1)?.finalSlot ?? 0 }, params)
    if (target === undefined) throw new Error('all of it has happened')
    const sealedSlot = target + params.margin + stall.seal
    starts.push(startAfterNext(end, sealedSlot, params))
    const firstRound = sealedSlot + params.challenge + params.commit + params.reveal
    const round = { number: stall.rounds, start: firstRound + stall.rounds * params.round }
    const votedSlot = round.start + stall.vote
    const finalSlot = votedSlot + params.dispute + stall.finalize
    epochs.push({
      times: { start, end, target, sealedSlot, round, votedSlot, finalSlot },
      endKnown: epochs.at(-1)?.sealedSlot ?? 0,
      sealedSlot,
      finalSlot,
    })
  }
  return { starts, epochs }
}

/** What the chain said of an epoch at a slot: nothing that happened later. */
function asOf(slot: number, { times, endKnown }: Ran, params: Params): EpochTimes {
  const past = (value: number | undefined): number | undefined =>
    value !== undefined && value <= slot ? value : undefined
  const { round, end, target } = times
  return {
    start: times.start,
    end: endKnown <= slot ? end : undefined,
    // The target is fixed when the last of what it depends on has happened, a margin before it at the latest.
    target: target !== undefined && target - params.margin <= slot ? target : undefined,
    sealedSlot: past(times.sealedSlot),
    round: round !== undefined && round.start <= slot ? round : undefined,
    votedSlot: past(times.votedSlot),
    finalSlot: past(times.finalSlot),
  }
}

const params = fc.constantFrom(LOCAL_PARAMS, PUBLIC_PARAMS)
const late = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(5000) })
const stalls = fc.array(
  fc.record({ quorum: late, seal: late, rounds: fc.nat(3), vote: late, finalize: late }),
  { minLength: 2, maxLength: 8 },
)

describe('stalls of any length', () => {
  test('skip no epoch, and leave no slot without one', () => {
    fc.assert(
      fc.property(params, stalls, (preset, list) => {
        const { starts } = run(preset, list)
        for (const [e, start] of starts.entries()) {
          expect(epochAt(start, starts)).toBe(e)
          const next = starts[e + 1]
          if (next === undefined) continue
          expect(next - start).toBeGreaterThanOrEqual(preset.epochSlots)
          expect(epochAt(next - 1, starts)).toBe(e)
        }
        expect(epochAt((starts[0] ?? 0) - 1, starts)).toBeUndefined()
      }),
    )
  })

  test('tell the end of work before it comes, with time for what is under way', () => {
    fc.assert(
      fc.property(params, stalls, (preset, list) => {
        const { starts, epochs } = run(preset, list)
        for (const [e, { sealedSlot }] of epochs.entries()) {
          expect((starts[e + 2] ?? 0) - sealedSlot).toBeGreaterThanOrEqual(preset.grace + preset.margin)
        }
      }),
    )
  })

  test('leave all phases their slots, in order, until the end', () => {
    fc.assert(
      fc.property(params, stalls, (preset, list) => {
        const { epochs } = run(preset, list)
        for (const ran of epochs) checkPhases(preset, ran)
      }),
      { numRuns: 30 },
    )
  })
})

/** Walks from change to change, as somebody who reads the chain would. */
function checkPhases(preset: Params, ran: Ran): void {
  const { start, end = 0, target = 0, sealedSlot = 0, votedSlot = 0, finalSlot = 0 } = ran.times
  const roundStart = ran.times.round?.start ?? 0
  const changes = [
    start - 1,
    start,
    ran.endKnown,
    end,
    target - preset.margin,
    target,
    sealedSlot,
    votedSlot,
    finalSlot,
  ]
  const seen: PhaseName[] = []
  const slots = new Map<PhaseName, number>()
  let last = start - 1
  for (let slot = start - 1; slot <= finalSlot; ) {
    const { name, until } = phaseAt(slot, asOf(slot, ran, preset), preset)
    if (seen.at(-1) !== name) seen.push(name)
    if (until !== undefined) expect(until).toBeGreaterThan(slot)
    const next = Math.min(...[...changes, roundStart, until ?? Infinity].filter((change) => change > slot))
    last = Number.isFinite(next) ? next : slot + 1
    slots.set(name, (slots.get(name) ?? 0) + last - slot)
    slot = last
  }
  expect(seen).toEqual(ORDER.filter((name) => seen.includes(name)))
  expect(seen).toEqual(
    expect.arrayContaining(['work', 'intake', 'inventory', 'challenge', 'commit', 'reveal', 'final']),
  )
  expect(slots.get('work')).toBeGreaterThanOrEqual(preset.epochSlots)
  expect(slots.get('intake')).toBe(preset.grace)
  expect(slots.get('inventory')).toBeGreaterThanOrEqual(preset.inventory)
  expect(slots.get('challenge')).toBe(preset.challenge)
  expect(slots.get('commit')).toBe(preset.commit)
  expect(slots.get('reveal')).toBe(preset.reveal)
  expect(slots.get('dispute')).toBeGreaterThanOrEqual(preset.dispute)
}

describe('without a stall', () => {
  test('an epoch takes L, and is final before the next has to be sealed', () => {
    fc.assert(
      fc.property(params, fc.integer({ min: 2, max: 20 }), (preset, length) => {
        const { starts, epochs } = run(
          preset,
          Array.from({ length }, () => NO_STALL),
        )
        for (const [e, { finalSlot }] of epochs.entries()) {
          expect((starts[e + 1] ?? 0) - (starts[e] ?? 0)).toBe(preset.epochSlots)
          expect(finalSlot).toBeLessThanOrEqual(starts[e + 2] ?? 0)
        }
      }),
    )
  })

  test('both presets fit, as on the page that gives them', () => {
    expect(settlingSlots(LOCAL_PARAMS)).toBe(2 + 3 + 1 + 8 + 3 + 2 + 4 + 3)
    expect(settlingSlots(PUBLIC_PARAMS)).toBe(38 + 75 + 8 + 225 + 50 + 50 + 75 + 150)
    for (const preset of [LOCAL_PARAMS, PUBLIC_PARAMS]) {
      expect(phasesFit(preset)).toBe(true)
      expect(phasesFit({ ...preset, epochSlots: settlingSlots(preset) })).toBe(true)
      expect(phasesFit({ ...preset, epochSlots: settlingSlots(preset) - 1 })).toBe(false)
      expect(preset.evidenceEpochs).toBeGreaterThan(preset.carryEpochs)
    }
  })
})

describe('phases', () => {
  const nothing: EpochTimes = {
    start: 100,
    end: undefined,
    target: undefined,
    sealedSlot: undefined,
    round: undefined,
    votedSlot: undefined,
    finalSlot: undefined,
  }
  const at = (slot: number, times: Partial<EpochTimes> = {}) =>
    phaseAt(slot, { ...nothing, ...times }, LOCAL_PARAMS)

  test('wait for what somebody has to do, without an end', () => {
    expect(at(99)).toEqual({ name: 'before', until: 100, round: undefined })
    expect(at(5000)).toEqual({ name: 'work', until: undefined, round: undefined })
    expect(at(5000, { end: 130 })).toEqual({ name: 'inventory', until: undefined, round: undefined })
    expect(at(5000, { end: 130, target: 4000 })).toEqual({ name: 'seal', until: undefined, round: undefined })
  })

  test('count rounds from where the chain opened them, and go on after their slots', () => {
    const sealed = { end: 130, target: 135, sealedSlot: 140 }
    expect(at(153, sealed)).toEqual({ name: 'round', until: 157, round: 0 })
    expect(at(157, sealed)).toEqual({ name: 'round', until: undefined, round: 0 })
    const second = { ...sealed, round: { number: 2, start: 170 } }
    expect(at(171, second)).toEqual({ name: 'round', until: 174, round: 2 })
    expect(at(172, { ...second, votedSlot: 172 })).toEqual({ name: 'dispute', until: 175, round: undefined })
    expect(at(900, { ...second, votedSlot: 172 })).toEqual({
      name: 'dispute',
      until: undefined,
      round: undefined,
    })
    expect(at(900, { ...second, votedSlot: 172, finalSlot: 880 }).name).toBe('final')
  })

  test('know no target before the quorum has posted and the epoch before is final', () => {
    const input = { end: 130, quorumSlot: 131, previousFinalSlot: 120 }
    expect(sealTarget(input, LOCAL_PARAMS)).toBe(135)
    expect(sealTarget({ ...input, quorumSlot: 160 }, LOCAL_PARAMS)).toBe(161)
    expect(sealTarget({ ...input, previousFinalSlot: 170 }, LOCAL_PARAMS)).toBe(171)
    expect(sealTarget({ ...input, quorumSlot: undefined }, LOCAL_PARAMS)).toBeUndefined()
    expect(sealTarget({ ...input, previousFinalSlot: undefined }, LOCAL_PARAMS)).toBeUndefined()
  })

  test('belong to the last epoch that has started', () => {
    expect(epochAt(99, [100, 130])).toBeUndefined()
    expect(epochAt(100, [100, 130])).toBe(0)
    expect(epochAt(9999, [100, 130])).toBe(1)
    expect(epochAt(131, [100, 130], 7)).toBe(8)
  })
})
