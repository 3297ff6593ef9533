// Step 5: paid, carried or failed, by what the drawn checkers found.
import { toyRules, type VerifierPlan } from '@piecework/testkit'
import { describe, expect, test } from 'vitest'
import { drawCheckers } from '../../src/draws.ts'
import type { Params } from '../../src/facts.ts'
import { at } from '../support/chain.ts'
import { firstSay, type Script, verifierSaying, verifiersSaying } from '../support/checkers.ts'
import {
  carriedOf,
  chargedOf,
  commonsOf,
  earnedBy,
  jobOf,
  nodeOf,
  play,
  type Small,
  smallWorld,
  TRUSTED,
} from '../support/worlds.ts'

interface Played {
  readonly vouched?: bigint
  readonly params?: Partial<Params>
  readonly verifiers: readonly VerifierPlan[]
}

/** One node does one task in epoch 0, and nothing afterwards. */
function oneStint({ vouched = TRUSTED, params = {}, verifiers }: Played): Small {
  const contributors = [{ vouched, capacity: 1 }]
  return smallWorld({ name: 'one stint', params, verifiers, contributors }, { tasks: 1 })
}

/** Verifiers beyond the three that are drawn first. */
const MANY = 9

function afterFirstEpoch(script: Script, vouched = TRUSTED): { paid: boolean; carried: boolean } {
  const small = oneStint({ vouched, verifiers: verifiersSaying(MANY, script) })
  play(small.world, 1)
  return {
    paid: chargedOf(small.world, small.job) > 0n,
    carried: small.world.state.carried.length > 0,
  }
}

const PAID = { paid: true, carried: false }
const CARRIED = { paid: false, carried: true }

describe('a stint of a node whose bond is at its target', () => {
  test('is paid when more than half of its checkers have the same T', () => {
    expect(afterFirstEpoch(firstSay(3, 'right', 'nothing'))).toEqual(PAID)
    expect(afterFirstEpoch(firstSay(2, 'right', 'wrong'))).toEqual(PAID)
    expect(afterFirstEpoch(firstSay(2, 'right', 'silent'))).toEqual(PAID)
    expect(afterFirstEpoch(firstSay(2, 'right', 'nothing'))).toEqual(PAID)
  })

  test('is carried otherwise', () => {
    expect(afterFirstEpoch(firstSay(1, 'right', 'silent'))).toEqual(CARRIED)
    expect(afterFirstEpoch(firstSay(1, 'right', 'nothing'))).toEqual(CARRIED)
    expect(afterFirstEpoch(firstSay(3, 'silent', 'right'))).toEqual(CARRIED)
  })
})

describe('a stint of a newcomer', () => {
  test('is paid only when all of its checkers agree', () => {
    expect(afterFirstEpoch(firstSay(3, 'right', 'nothing'), 0n)).toEqual(PAID)
    expect(afterFirstEpoch(firstSay(2, 'right', 'silent'), 0n)).toEqual(CARRIED)
    expect(afterFirstEpoch(firstSay(2, 'right', 'wrong'), 0n)).toEqual(CARRIED)
  })
})

test('all verifiers check when there are no more than checkers', () => {
  const { world, job } = oneStint({ verifiers: verifiersSaying(2, firstSay(1, 'right', 'silent')) })
  play(world, 1)
  expect(at(world.state.carried, 0).checkers).toHaveLength(2)
  expect(chargedOf(world, job)).toBe(0n)
})

test('two findings agree only with the same T and the same delivered rows', () => {
  const sameTrace: VerifierPlan = {
    stake: 100n,
    behaviour: {
      report: (honest, { due, verifierId }) => {
        const bits = due.checkers.indexOf(verifierId)
        return { ...honest, delivered: honest.delivered.map(() => Uint8Array.of(bits)) }
      },
    },
  }
  const { world } = oneStint({ verifiers: [sameTrace, sameTrace, sameTrace] })
  play(world, 1)
  expect(world.state.carried).toHaveLength(1)
})

test('a finding without one of the drawn rows is none: nobody can pass a stint and deny its rows', () => {
  const denies: VerifierPlan = {
    stake: 100n,
    behaviour: {
      report: (honest) => ({ ...honest, delivered: honest.delivered.map((bits) => bits.map(() => 0)) }),
    },
  }
  const { world, job } = smallWorld({
    name: 'denied',
    kinds: toyRules(1_000_000),
    verifiers: [denies, denies, { stake: 100n }],
    contributors: [{ vouched: TRUSTED, capacity: 1 }],
  })
  play(world, 1)
  expect(at(world.state.carried, 0).findings).toMatchObject([{ verifier: 2 }])
  expect(jobOf(world, job)).toMatchObject({ charged: 0n, inFlight: 1 })
})

describe('a carried stint', () => {
  test('gets two more checkers each epoch, drawn with the seed of that epoch', () => {
    const { world } = oneStint({ verifiers: verifiersSaying(MANY, () => 'silent') })
    play(world, 1)
    const first = at(world.state.carried, 0)
    expect(first.checkers).toHaveLength(3)
    const expected = drawCheckers({
      seed: world.seed(1),
      nodeKey: at(world.state.nodes, 0).nodeKey,
      epoch: 0,
      candidates: world.snapshot(),
      count: 2,
      before: first.checkers,
    })
    play(world, 1)
    expect(at(world.state.carried, 0).checkers).toEqual([...first.checkers, ...expected])
  })

  test('is paid when more than two thirds of all drawn so far agree', () => {
    // One of three at first, then three of five: not more than two thirds. Five of seven are.
    const script: Script = (place) => (place === 0 || place > 2 ? 'right' : 'silent')
    const { world, job } = oneStint({ verifiers: verifiersSaying(MANY, script) })
    play(world, 2)
    expect(at(world.state.carried, 0).checkers).toHaveLength(5)
    play(world, 1)
    expect(world.state.carried).toEqual([])
    expect(chargedOf(world, job)).toBe(100n)
  })

  test('is carried on when just two thirds agree', () => {
    const script: Script = (place) => (place === 0 || place > 2 ? 'right' : 'silent')
    const { world } = oneStint({ verifiers: verifiersSaying(6, script) })
    play(world, 3)
    expect(at(world.state.carried, 0)).toMatchObject({ checkers: { length: 6 }, findings: { length: 4 } })
  })

  test('keeps the rows that its own seed drew', () => {
    const { world } = oneStint({ vouched: 200n, verifiers: verifiersSaying(MANY, () => 'silent') })
    play(world, 1)
    const { drawn, table } = at(world.state.carried, 0)
    play(world, 2)
    expect(at(world.state.carried, 0)).toMatchObject({ drawn, table: { flags: table.flags } })
  })

  test('counts the latest report of each checker', () => {
    const changed = oneStint({
      verifiers: verifiersSaying(3, (_, { epoch }) => (epoch === 0 ? 'silent' : 'right')),
    })
    play(changed.world, 2)
    expect(chargedOf(changed.world, changed.job)).toBe(100n)

    const kept = oneStint({
      verifiers: verifiersSaying(5, (place, { epoch }) => {
        if (place === 0) return epoch === 0 ? 'right' : 'nothing'
        return epoch === 0 ? 'silent' : 'right'
      }),
    })
    play(kept.world, 2)
    expect(chargedOf(kept.world, kept.job)).toBe(100n)

    const withdrawn = oneStint({
      verifiers: verifiersSaying(5, (place, { epoch }) => {
        if (place < 2) return epoch === 0 ? 'silent' : 'right'
        return epoch === 0 && place === 2 ? 'right' : 'silent'
      }),
    })
    play(withdrawn.world, 2)
    expect(at(withdrawn.world.state.carried, 0).findings).toHaveLength(2)
  })

  test('is decided by half of all stake after carryEpochs, whoever was drawn before', () => {
    const params = { carryEpochs: 2 }
    const untilThen: Script = (_, { epoch }) => (epoch < 2 ? 'silent' : 'right')
    const never: Script = () => 'silent'
    const of = (speaking: bigint, silent: bigint): Small => {
      return oneStint({
        params,
        verifiers: [verifierSaying(untilThen, speaking), verifierSaying(never, silent)],
      })
    }
    const more = of(51n, 49n)
    play(more.world, 3)
    expect(chargedOf(more.world, more.job)).toBe(100n)
    const half = of(50n, 50n)
    play(half.world, 2)
    expect(half.world.state.carried).toHaveLength(1)
    play(half.world, 1)
    expect(half.world.state.carried).toEqual([])
    expect(chargedOf(half.world, half.job)).toBe(0n)
    expect(at(half.world.state.nodes, 0)).toMatchObject({ failedAt: 2, vouched: 0n })
  })
})

describe('while a stint is carried', () => {
  /** A node works in three epochs; its first stint is silent until an epoch, or for good. */
  function held(until: number): Small {
    const script: Script = (_, { due, epoch }) => {
      return due.stint.epoch === 0 && epoch < until ? 'silent' : 'right'
    }
    return smallWorld({
      name: 'held',
      params: { carryEpochs: 4, barEpochs: 2 },
      verifiers: verifiersSaying(MANY, script),
      contributors: [{ vouched: 1_000n, capacity: 1 }],
    })
  }

  test("the node's later pay is held", () => {
    const { world } = held(3)
    const contributor = at(world.contributors, 0)
    play(world, 3)
    expect(carriedOf(world, contributor)).toHaveLength(1)
    expect(nodeOf(world, contributor)).toMatchObject({ held: 200n, bond: 0n })
    expect(commonsOf(world)).toBe(0n)
  })

  test('and released with the stint, when it is paid', () => {
    const { world } = held(3)
    const contributor = at(world.contributors, 0)
    play(world, 4)
    expect(nodeOf(world, contributor).held).toBe(0n)
    expect(earnedBy(world, contributor)).toBe(400n)
  })

  test('and forfeited with the bond, when it fails: to the commons, and nobody has a bounty', () => {
    const { world, job } = held(Number.POSITIVE_INFINITY)
    const contributor = at(world.contributors, 0)
    play(world, 4)
    expect(nodeOf(world, contributor).held).toBe(300n)
    play(world, 1)
    expect(nodeOf(world, contributor)).toMatchObject({ held: 0n, bond: 0n, vouched: 0n, failedAt: 4 })
    expect(earnedBy(world, contributor)).toBe(0n)
    expect(commonsOf(world)).toBe(300n)
    expect(chargedOf(world, job)).toBe(300n)
  })
})
