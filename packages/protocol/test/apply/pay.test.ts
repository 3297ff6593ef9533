// Steps 6 to 9: what rows are paid by their job's rule, what comes on top, and where every remainder goes.
import { type ContributorPlan, type JobPlan, TOY_KINDS, type VerifierPlan, World } from '@piecework/testkit'
import { describe, expect, test } from 'vitest'
import { surveyEpoch } from '../../src/apply/apply.ts'
import { compareBytes } from '../../src/bytes.ts'
import { stintSalt } from '../../src/draws.ts'
import { at } from '../support/chain.ts'
import { chargedOf, commonsOf, earnedBy, NO_FEES, play, TRUSTED } from '../support/worlds.ts'

function worldOf(contributors: readonly ContributorPlan[], verifiers?: readonly VerifierPlan[]): World {
  const some = verifiers === undefined ? {} : { verifiers }
  return new World({ name: 'pay', contributors, ...some, measured: (_, node) => at(SCORES, node) })
}

/** What is measured of each node. */
const SCORES = [1_000_000, 500_000, 0]

const trusted: ContributorPlan = { vouched: TRUSTED, capacity: 1 }

function earnings(world: World): bigint[] {
  return world.contributors.map((contributor) => earnedBy(world, contributor))
}

describe('a job by the piece', () => {
  test('pays units times price', () => {
    const world = worldOf([trusted, { ...trusted, behaviour: { tasks: (dealt) => dealt.map(halved) } }])
    const halved = (one: { job: number; task: number; units: number }) => ({ ...one, units: one.units / 2 })
    world.addJob({ ...NO_FEES, price: 7n, maxUnits: 4 })
    play(world, 1)
    expect(earnings(world)).toEqual([28n, 14n])
  })

  test('pays what is measured, as far as it was measured: the lower median of the checkers that agree', () => {
    const liar = (score: number): VerifierPlan => ({
      stake: 100n,
      behaviour: { report: (honest) => ({ ...honest, scores: [{ job: 0, score }] }) },
    })
    const away: VerifierPlan = { stake: 100n, behaviour: { reports: () => false } }
    const paid = (verifiers: readonly VerifierPlan[]): bigint[] => {
      const world = worldOf([trusted], verifiers)
      world.addJob({ ...NO_FEES, kind: TOY_KINDS.measured, price: 100n })
      play(world, 2)
      return earnings(world)
    }
    expect(paid([liar(900_000), liar(100_000), liar(200_000)])).toEqual([20n])
    expect(paid([liar(900_000), away, liar(200_000)])).toEqual([20n])
  })
})

describe('a job by share', () => {
  const share: JobPlan = { ...NO_FEES, kind: TOY_KINDS.measured, rule: 'share' }

  test("divides the epoch's budget by score, rounded down; what isn't earned stays", () => {
    const world = worldOf([trusted, trusted, trusted])
    world.addJob({ ...share, price: 100n, capPrice: 1_000n })
    play(world, 2)
    expect(earnings(world)).toEqual([66n, 33n, 0n])
    expect(chargedOf(world, 0)).toBe(99n)
    expect(commonsOf(world)).toBe(0n)
  })

  test('pays no more for a score than its cap', () => {
    const world = worldOf([trusted, trusted, trusted])
    world.addJob({ ...share, price: 100n, capPrice: 10n })
    play(world, 2)
    expect(earnings(world)).toEqual([10n, 5n, 0n])
  })

  test('has no more to divide than is left of its deposit', () => {
    const world = worldOf([trusted, trusted])
    world.addJob({ ...share, price: 100n, capPrice: 1_000n, deposit: 160n })
    play(world, 2)
    expect(earnings(world)).toEqual([66n, 33n])
    play(world, 2)
    expect(earnings(world)).toEqual([66n + 40n, 33n + 20n])
    expect(chargedOf(world, 0)).toBe(159n)
  })
})

describe('a deposit that does not last', () => {
  test('goes to nodes in the order of a lot that their seed draws, for open kinds', () => {
    const world = worldOf([trusted, trusted, trusted, trusted])
    world.addJob({ ...NO_FEES, kind: TOY_KINDS.open, price: 100n, deposit: 250n })
    play(world, 2)
    const lots = world.state.nodes.map(({ nodeKey }, node) => ({
      node,
      lot: stintSalt(world.seed(1), nodeKey),
    }))
    lots.sort((a, b) => compareBytes(a.lot, b.lot))
    const paid = lots.map(({ node }) => at(earnings(world), node))
    expect(paid).toEqual([100n, 100n, 50n, 0n])
    expect(chargedOf(world, 0)).toBe(250n)
  })

  test('goes to nodes in their order, for others', () => {
    const world = worldOf([trusted, trusted])
    world.addJob({ ...NO_FEES, kind: TOY_KINDS.measured, price: 100n, deposit: 120n })
    play(world, 2)
    expect(earnings(world)).toEqual([100n, 20n])
  })

  test('is spent with its fees to the last unit that fits', () => {
    const world = worldOf([trusted, trusted])
    world.addJob({ kind: TOY_KINDS.open, price: 100n, verifierBps: 1500, settleBps: 100, deposit: 150n })
    play(world, 2)
    // 130 and its fees of 19 and 1: one unit more would not fit.
    expect(chargedOf(world, 0)).toBe(150n)
    expect(earnings(world).reduce((a, b) => a + b)).toBe(130n)
  })
})

describe('fees', () => {
  const plan: JobPlan = { price: 1_000n, verifierBps: 1_500, settleBps: 100, tasks: 1 }
  const absent: VerifierPlan = { stake: 100n, behaviour: { reports: () => false } }
  const present: VerifierPlan = { stake: 100n }

  /** Everything that went to others than the contributor, by account: commons, verifiers and settler. */
  function others(world: World): bigint[] {
    const own = at(world.state.owners, 0).account
    const released = world.state.accounts.filter((_, index) => index !== own).map((one) => one.released)
    return released.sort((a, b) => Number(a - b))
  }

  test('come on top of pay: a pool for those who checked, a part for who settles', () => {
    const world = worldOf([trusted], [present, present, present])
    world.addJob(plan)
    play(world, 1)
    expect(chargedOf(world, 0)).toBe(1_160n)
    expect(others(world)).toEqual([0n, 10n, 50n, 50n, 50n])
  })

  test('are for checkers with the matching T alone, and what does not divide goes to the commons', () => {
    const world = worldOf([trusted], [present, present, absent])
    world.addJob({ ...plan, verifierBps: 1_001 })
    play(world, 1)
    expect(others(world)).toEqual([0n, 10n, 50n, 50n])
    const three = worldOf([trusted], [present, present, present])
    three.addJob({ ...plan, verifierBps: 1_001 })
    play(three, 1)
    expect(commonsOf(three)).toBe(1n)
  })

  test('of nobody settling go to the commons', () => {
    const world = worldOf([trusted], [present, present, present])
    world.settler = new Uint8Array(32)
    world.addJob(plan)
    play(world, 1)
    expect(commonsOf(world)).toBe(10n)
  })

  test('are shared by what was checked: one and the drawn rows of each stint', () => {
    const world = worldOf([trusted, { vouched: 0n, capacity: 4 }], [present, present, present, present])
    world.addJob({ ...plan, tasks: 5, price: 100n })
    const epoch = world.prepare()
    const due = surveyEpoch(epoch)
    const shares = world.verifiers.map((_, verifier) => {
      const checked = due.filter(({ checkers }) => checkers.includes(verifier))
      return checked.reduce((sum, { stint }) => sum + 1n + BigInt(stint.drawn), 0n)
    })
    world.apply(epoch)
    const total = shares.reduce((a, b) => a + b)
    const paid = world.snapshot().map(({ operator }) => {
      const owner = world.state.owners.findIndex(({ wallet }) => compareBytes(wallet, operator) === 0)
      const account = world.state.owners[owner]?.account
      return account === undefined ? 0n : at(world.state.accounts, account).released
    })
    expect(paid).toEqual(shares.map((share) => (75n * share) / total))
  })
})

test('accounts are numbered when a wallet is first credited, in order of wallet bytes', () => {
  const world = worldOf([trusted, trusted, { ...trusted, behaviour: { works: (epoch) => epoch > 0 } }])
  world.addJob(NO_FEES)
  play(world, 1)
  const walletAt = (account: number): Uint8Array => {
    const { owner } = at(world.state.accounts, account)
    return at(world.state.owners, owner).wallet
  }
  const [first, second, third] = world.contributors.map(({ wallet }) => wallet)
  const inOrder = [first, second].filter((wallet) => wallet !== undefined).sort(compareBytes)
  expect([walletAt(1), walletAt(2)]).toEqual(inOrder)
  play(world, 1)
  expect(walletAt(3)).toEqual(third)
  expect([walletAt(1), walletAt(2)]).toEqual(inOrder)
})
