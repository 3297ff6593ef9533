// Step 4: who is shown to have cheated, what that costs, and whom.
import {
  type Behaviour,
  rightOutput,
  sleeper,
  TOY_KINDS,
  toyRules,
  type VerifierPlan,
} from '@piecework/testkit'
import { describe, expect, test } from 'vitest'
import type { Params } from '../../src/facts.ts'
import type { Evidence } from '../../src/messages.ts'
import { at } from '../support/chain.ts'
import { openedRow, withEvidence } from '../support/proof.ts'
import {
  chargedOf,
  commonsOf,
  jobOf,
  nodeOf,
  play,
  releasedTo,
  type Small,
  smallWorld,
  TRUSTED,
  takers,
} from '../support/worlds.ts'

/** Every row is drawn, so that a bond of the best epoch's pay is enough, and a fake is found at once. */
const ALL_DRAWN = toyRules(1_000_000)
const STAKE = 1_000n
const PARAMS: Partial<Params> = { barEpochs: 2, carryEpochs: 4, evidenceEpochs: 6 }

interface Cast {
  readonly behaviour: Behaviour
  readonly vouched?: bigint
  readonly verifiers?: readonly VerifierPlan[]
}

/** One node that is dealt one task of 100 in each epoch. */
function oneNode({ behaviour, vouched = 0n, verifiers }: Cast): Small {
  return smallWorld({
    name: 'evidence',
    params: PARAMS,
    kinds: ALL_DRAWN,
    verifiers: verifiers ?? Array.from({ length: 3 }, () => ({ stake: STAKE })),
    contributors: [{ vouched, capacity: 1, behaviour }],
  })
}

/** Fakes what it does in epoch 0, and is honest afterwards. */
const FAKES_FIRST: Behaviour = {
  output: ({ job, task }, { epoch, random }) => (epoch === 0 ? random.bytes(4) : rightOutput(job, task)),
}

const friend: VerifierPlan = { stake: STAKE, behaviour: { friendOf: () => true } }
const honest: VerifierPlan = { stake: STAKE }

function slashedOf({ world }: Small): bigint[] {
  return world.state.verifiers.map(({ slashed }) => slashed)
}

describe('a fake that is drawn', () => {
  test('fails its stint: nothing is charged, the bond goes to the commons but for the bounty', () => {
    const small = oneNode({ behaviour: sleeper(3) })
    const { world, job } = small
    const contributor = at(world.contributors, 0)
    play(world, 3)
    expect(nodeOf(world, contributor).bond).toBe(100n)
    expect(releasedTo(world, contributor)).toBe(200n)
    play(world, 1)
    expect(nodeOf(world, contributor)).toMatchObject({ bond: 0n, failedAt: 3 })
    expect(chargedOf(world, job)).toBe(300n)
    // A tenth of 100 for three who carried the evidence.
    const bounties = world.state.accounts.slice(2).map(({ released }) => released)
    expect(bounties).toEqual([3n, 3n, 3n])
    expect(commonsOf(world)).toBe(91n)
    expect(slashedOf(small)).toEqual([0n, 0n, 0n])
  })

  test('gives its tasks back', () => {
    const { world, job } = oneNode({ behaviour: sleeper(0) })
    play(world, 1)
    expect(jobOf(world, job)).toMatchObject({ inFlight: 0, tasks: [{ task: 0, missing: 1, had: [0] }] })
  })

  test('takes what was vouched, too', () => {
    const { world } = oneNode({ behaviour: sleeper(0), vouched: 500n })
    play(world, 1)
    expect(at(world.state.nodes, 0)).toMatchObject({ vouched: 0n, failedAt: 0 })
    expect(commonsOf(world)).toBe(0n)
  })

  test('bars the node: for barEpochs it is dealt nothing, and what it still had is worth nothing', () => {
    const { world, job } = oneNode({ behaviour: FAKES_FIRST })
    play(world, 3)
    expect(at(world.state.nodes, 0)).toMatchObject({ failedAt: 0, barredUntil: 3 })
    expect(world.state.workforces.map((one) => [one.epoch, takers(one).length])).toEqual([
      [3, 0],
      [4, 0],
      [5, 0],
    ])
    play(world, 3)
    expect(chargedOf(world, job)).toBe(0n)
    play(world, 1)
    expect(chargedOf(world, job)).toBe(100n)
  })
})

describe('evidence that comes late', () => {
  /** Friends pass the fakes of epoch 0; epoch 1 and later are honest work. */
  function passed(): Small {
    return oneNode({ behaviour: FAKES_FIRST, verifiers: [friend, friend, friend] })
  }

  test('fails the node, and costs the checkers nothing: their stint was decided', () => {
    const small = passed()
    const { world, job } = small
    const contributor = at(world.contributors, 0)
    play(world, 2)
    expect(chargedOf(world, job)).toBe(200n)
    const late = withEvidence(world.prepare(), 1, [openedRow(contributor, 0)])
    world.apply(late)
    expect(nodeOf(world, contributor)).toMatchObject({ bond: 0n, failedAt: 2 })
    expect(chargedOf(world, job)).toBe(200n)
    expect(commonsOf(world)).toBe(90n)
    expect(slashedOf(small)).toEqual([0n, 0n, 0n])
  })

  test('counts for evidenceEpochs, and is no offence afterwards', () => {
    for (const [epochs, failedAt] of [
      [6, 6],
      [7, -1],
    ] as const) {
      const small = passed()
      const { world } = small
      play(world, epochs)
      world.apply(withEvidence(world.prepare(), 1, [openedRow(at(world.contributors, 0), 0)]))
      expect(at(world.state.nodes, 0).failedAt).toBe(failedAt)
      expect(slashedOf(small)).toEqual([0n, 0n, 0n])
    }
  })

  test('counts once: what was done before the node failed is not held against it again', () => {
    const { world } = passed()
    const contributor = at(world.contributors, 0)
    play(world, 2)
    const proof = openedRow(contributor, 0)
    world.apply(withEvidence(world.prepare(), 1, [proof, proof]))
    expect(commonsOf(world)).toBe(90n)
    world.apply(withEvidence(world.prepare(), 1, [proof]))
    expect(nodeOf(world, contributor)).toMatchObject({ failedAt: 2, barredUntil: 5 })
  })
})

test('a node that fails takes its other undecided stints with it, without a further forfeit', () => {
  // Nobody hears of its first stints; then a fake is found.
  const behaviour: Behaviour = { ...sleeper(2), answers: ({ stintEpoch }) => stintEpoch >= 2 }
  const { world, job } = oneNode({ behaviour, vouched: 1_000n })
  play(world, 2)
  expect(world.state.carried).toHaveLength(2)
  play(world, 1)
  expect(world.state.carried).toEqual([])
  expect(at(world.state.nodes, 0)).toMatchObject({ failedAt: 2, held: 0n })
  expect(jobOf(world, job)).toMatchObject({ charged: 0n, inFlight: 0 })
})

describe('a verifier is slashed', () => {
  test('for a T that says a fake was right, once for each stint', () => {
    const small = smallWorld({
      name: 'looks away',
      kinds: ALL_DRAWN,
      verifiers: [friend, honest, honest],
      contributors: [{ vouched: 0n, capacity: 4, behaviour: sleeper(0) }],
    })
    play(small.world, 1)
    expect(at(small.world.state.nodes, 0).failedAt).toBe(0)
    expect(slashedOf(small)).toEqual([50n, 0n, 0n])
  })

  test.each([
    ['says nothing more', 0],
    ['says it again', 1],
  ])('for a T that it revealed while the stint was carried, once, whether it %s', (_, until) => {
    const passes: VerifierPlan = {
      stake: STAKE,
      behaviour: {
        friendOf: () => true,
        report: (report, { epoch }) => (epoch <= until ? report : undefined),
      },
    }
    const behaviour: Behaviour = { ...FAKES_FIRST, answers: ({ verifierId }) => verifierId === 0 }
    const small = oneNode({ behaviour, verifiers: [passes, honest, honest] })
    const { world } = small
    play(world, 1)
    expect(at(world.state.carried, 0).findings).toMatchObject([{ verifier: 0 }])
    world.apply(withEvidence(world.prepare(), 2, [openedRow(at(world.contributors, 0), 0)]))
    expect(at(world.state.nodes, 0).failedAt).toBe(1)
    expect(slashedOf(small)).toEqual([50n, 0n, 0n])
  })

  test.each<[string, (proof: Evidence) => Evidence]>([
    ['no batch at all', (proof) => ({ ...proof, first: new Uint8Array(9) })],
    ['an opening that opens nothing', (proof) => ({ ...proof, salt: new Uint8Array(32) })],
    ['a row that is right', (proof) => proof],
    ['a second batch that is the same', (proof) => ({ ...proof, what: 'equivocation', second: proof.first })],
  ])('for evidence that shows nothing: %s', (_, falsify) => {
    const small = oneNode({ behaviour: {} })
    const { world, job } = small
    const epoch = world.prepare()
    const proof = falsify(openedRow(at(world.contributors, 0), 0))
    world.apply(withEvidence(epoch, 2, [proof]))
    expect(slashedOf(small)).toEqual([0n, 0n, 100n])
    expect(chargedOf(world, job)).toBe(100n)
  })

  test('for evidence against a kind that fails nobody, or of another network', () => {
    const contributors = [{ vouched: TRUSTED, capacity: 1, behaviour: sleeper(0) }]
    const small = smallWorld({ name: 'across', contributors }, { kind: TOY_KINDS.across })
    const epoch = small.world.prepare()
    const proof = openedRow(at(small.world.contributors, 0), 0)
    small.world.apply(withEvidence(epoch, 0, [proof]))
    expect(slashedOf(small)).toEqual([100n, 0n, 0n, 0n])
    expect(at(small.world.state.nodes, 0).failedAt).toBe(-1)

    const stranger = oneNode({ behaviour: {} })
    stranger.world.apply(withEvidence(stranger.world.prepare(), 0, [proof]))
    expect(slashedOf(stranger)).toEqual([100n, 0n, 0n])
  })

  test('for two reveals; and for all of an epoch together, of its whole stake at most', () => {
    const small = oneNode({ behaviour: {} })
    const { world } = small
    const epoch = world.prepare()
    const nonsense = { ...openedRow(at(world.contributors, 0), 0), first: new Uint8Array() }
    const twice = withEvidence(
      epoch,
      1,
      Array.from({ length: 30 }, () => nonsense),
    )
    world.apply({
      ...twice,
      inputs: {
        ...twice.inputs,
        twoReveals: [0, 1].map((verifierId) => ({ verifierId, other: new Uint8Array(32) })),
      },
    })
    expect(slashedOf(small)).toEqual([100n, STAKE, 0n])
  })
})

describe('two batches at one place', () => {
  test('in the included data fail the node: nothing is admitted, all goes to the commons', () => {
    const small = oneNode({ behaviour: { equivocates: (epoch) => epoch === 1 } })
    const { world, job } = small
    play(world, 2)
    expect(at(world.state.nodes, 0)).toMatchObject({ bond: 0n, failedAt: 1 })
    expect(chargedOf(world, job)).toBe(100n)
    expect(commonsOf(world)).toBe(100n)
  })

  test('in evidence do so too, with a bounty', () => {
    const { world } = oneNode({ behaviour: { swaps: ({ stintEpoch }) => stintEpoch === 1 } })
    play(world, 2)
    expect(at(world.state.nodes, 0)).toMatchObject({ bond: 0n, failedAt: 1 })
    expect(commonsOf(world)).toBe(91n)
  })
})
