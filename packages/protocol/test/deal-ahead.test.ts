// A deal is known when its epoch begins, to whoever has no newer state than that of three epochs before.
import { TOY_KINDS, toyWork, World } from '@piecework/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dealAhead, dealOf } from '../src/apply/deal-ahead.ts'
import type { DealFacts } from '../src/apply/deal-due.ts'
import { ProtocolError } from '../src/errors.ts'
import type { Facts } from '../src/facts.ts'
import type { State } from '../src/state/state.ts'
import type { Work } from '../src/work.ts'
import type { Deal } from '../src/workforce.ts'
import { at } from './support/chain.ts'
import { RandomWorld, shape } from './support/random-world.ts'
import { NO_FEES, play, TRUSTED } from './support/worlds.ts'

const WORLDS = 15
const EPOCHS = 16
const MOST_BEHIND = 3

/** An epoch that was applied: the state before it, its facts, and what applyEpoch recorded as dealt. */
interface Played {
  readonly before: State
  readonly facts: Facts
  readonly deal: Deal
}

function playedBy(world: World, epoch = world.prepare()): Played {
  const { state } = world.apply(epoch)
  return { before: epoch.state, facts: epoch.facts, deal: at(state.dealt, -1).deal }
}

/** What is known at S_e of an epoch's facts: nothing has opened in it. */
function atStart(facts: Facts): DealFacts {
  return { ...facts, opened: facts.opened.filter(({ slot }) => slot < facts.startSlot) }
}

/** As a daemon does: deals at S_e by a state of so many epochs before, then each job as it opens. */
function dealBehind(epochs: readonly Played[], behind: number, work: Work): readonly Deal[] {
  const { before } = at(epochs, -behind)
  const { facts } = at(epochs, -1)
  const whole = epochs.slice(-behind, -1).map((one) => one.facts)
  const { earlier, dealer } = dealAhead({ state: before, facts: [...whole, atStart(facts)], work })
  const jobs = [...before.jobs.map(({ job }) => job), ...[...whole, facts].flatMap(({ created }) => created)]
  const closed = new Set(facts.closed.map(({ job }) => job))
  for (const { job, slot } of facts.opened) {
    if (slot >= facts.startSlot && !closed.has(job)) dealer.open(at(jobs, job), slot)
  }
  return [...earlier, dealer.deal]
}

test(`is the same by the states of the ${MOST_BEHIND} epochs before, with jobs as they open`, () => {
  let opened = 0
  const playWorld = fc.property(shape, (one) => {
    const random = new RandomWorld(one)
    const { work } = random.world.ports
    const played: Played[] = []
    for (let i = 0; i < EPOCHS; i++) {
      played.push(playedBy(random.world, random.prepare()))
      const { facts } = at(played, -1)
      opened += facts.opened.filter(({ slot }) => slot >= facts.startSlot).length
      for (let behind = 1; behind <= Math.min(played.length, MOST_BEHIND); behind++) {
        const dealt = dealBehind(played, behind, work)
        expect(dealt).toEqual(played.slice(-behind).map(({ deal }) => deal))
      }
    }
  })
  fc.assert(playWorld, { numRuns: WORLDS, endOnFailure: true })
  expect(opened).toBeGreaterThan(0)
})

describe('a job that asks who may do it', () => {
  /** Every second key. */
  const choosy: Work = {
    ...toyWork,
    eligible: () => (node) => (node.nodeKey[0] ?? 0) % 2 === 0,
  }

  test('is dealt ahead to the same nodes, whoever entered meanwhile', () => {
    const contributors = Array.from({ length: 12 }, () => ({ vouched: TRUSTED, capacity: 2 }))
    const world = new World({ name: 'choosy', work: choosy, contributors })
    world.addJob(NO_FEES)
    const played = Array.from({ length: 8 }, () => {
      world.enrol()
      return playedBy(world)
    })
    for (let end = MOST_BEHIND; end <= played.length; end++) {
      const past = played.slice(0, end)
      expect(dealBehind(past, MOST_BEHIND, choosy)).toEqual(past.slice(-MOST_BEHIND).map(({ deal }) => deal))
    }
    const takers = new Set(played.flatMap(({ deal }) => deal.jobs.flatMap(({ nodes }) => [...nodes])))
    expect([...takers].every((node) => (at(world.state.nodes, node).nodeKey[0] ?? 0) % 2 === 0)).toBe(true)
    expect(takers.size).toBeGreaterThan(2)
  })
})

test('asks nobody who may do a job that is not dealt: its kind may be one that nobody knows', () => {
  const asked: number[] = []
  const work: Work = {
    ...toyWork,
    eligible: ({ kind }) => {
      asked.push(kind)
      return undefined
    },
  }
  const world = new World({ name: 'asked', work, contributors: [{ vouched: TRUSTED }] })
  for (const kind of [TOY_KINDS.exact, TOY_KINDS.open, 999]) {
    world.addJob({ kind })
    world.addJob({ kind, opensDuringEpoch: true })
  }
  const { state, facts } = world.prepare()
  asked.length = 0
  const { dealer } = dealAhead({ state, facts: [atStart(facts)], work })
  for (const { job, slot } of facts.opened) {
    if (slot >= facts.startSlot) dealer.open(at(facts.created, job), slot)
  }
  expect(new Set(asked)).toEqual(new Set([TOY_KINDS.exact]))
})

describe('dealing ahead', () => {
  function world(): World {
    return new World({ name: 'ahead', contributors: [{ vouched: TRUSTED }] })
  }

  function codeOf(action: () => unknown): string {
    try {
      action()
    } catch (error) {
      if (error instanceof ProtocolError) return error.code
      throw error
    }
    return 'none'
  }

  test('refuses facts that leave out an epoch, none at all, or more than the state has workforces for', () => {
    const one = world()
    const { state, ports } = one
    const facts = Array.from({ length: 4 }, () => playedBy(one).facts)
    const deal = (...indices: number[]): unknown =>
      dealAhead({ state, facts: indices.map((i) => at(facts, i)), work: ports.work })
    expect(codeOf(() => deal(0, 1, 2))).toBe('none')
    for (const indices of [[], [1], [0, 2], [0, 1, 2, 3]]) {
      expect(codeOf(() => deal(...indices))).toBe('facts/invalid')
    }
  })

  test('refuses a job out of its turn, and passes over one that pays nothing', () => {
    const one = world()
    one.addJob({ tasks: 3 })
    play(one, 1)
    one.addJob({ opensDuringEpoch: true, tasks: 2, kind: TOY_KINDS.exact })
    const { state, facts, ports } = one.prepare()
    const { dealer } = dealAhead({ state, facts: [atStart(facts)], work: ports.work })
    const job = at(facts.created, 0)
    dealer.open({ ...job, price: 0n }, facts.startSlot + 1)
    expect(dealer.deal.jobs).toEqual([])
    dealer.open(job, facts.startSlot + 1)
    expect(dealer.deal).toEqual(dealOf({ state, facts, work: ports.work }))
    expect(dealer.deal.jobs.map(({ tasks }) => [...tasks])).toEqual([[0, 1]])
    expect(codeOf(() => dealer.open(job, facts.startSlot + 1))).toBe('facts/invalid')
  })
})
