// Batches that too few verifiers hold: their node answers for them, and has nothing of them.
import { type Behaviour, faker, silent, toyRules, type WorldOptions } from '@piecework/testkit'
import { describe, expect, test } from 'vitest'
import { at } from '../support/chain.ts'
import { chargedOf, nodeOf, play, type Small, smallWorld, TRUSTED } from '../support/worlds.ts'

const FOUR = Array.from({ length: 4 }, () => ({ stake: 1000n }))

/** One trusted node, heard by one verifier of four until `loud` says otherwise. */
function whispering(behaviour: Behaviour, options: Partial<WorldOptions> = {}): Small & { loud: () => void } {
  let heardByAll = false
  const sendsTo = (verifierId: number): boolean => heardByAll || verifierId === 0
  const contributors = [{ vouched: TRUSTED, capacity: 1, behaviour: { ...behaviour, sendsTo } }]
  const small = smallWorld(
    { name: 'whispering', verifiers: FOUR, contributors, ...options },
    { tasks: 1, leaseEpochs: 0 },
  )
  return {
    ...small,
    loud: () => {
      heardByAll = true
    },
  }
}

describe('rows that too few verifiers hold', () => {
  test('earn nothing, cost nothing, and leave their task to be done again', () => {
    const { world, job, loud } = whispering({})
    const node = at(world.contributors, 0)
    play(world, 1)
    expect(world.state.carried).toEqual([])
    expect(chargedOf(world, job)).toBe(0n)
    expect(nodeOf(world, node)).toMatchObject({ vouched: TRUSTED, failedAt: -1, lastRow: 0 })
    loud()
    play(world, 3)
    expect(chargedOf(world, job)).toBe(100n)
  })

  test('are checked like any other: a drawn fake fails its node', () => {
    const { world } = whispering(faker(1), { kinds: toyRules(1_000_000) })
    play(world, 1)
    expect(nodeOf(world, at(world.contributors, 0))).toMatchObject({ vouched: 0n, failedAt: 0 })
  })

  test('have to be answered for: silence is carried, and fails in the end', () => {
    const { world, job } = whispering(silent, { params: { carryEpochs: 2 } })
    const node = at(world.contributors, 0)
    play(world, 2)
    expect(world.state.carried).toMatchObject([{ node: node.index, epoch: 0 }])
    play(world, 1)
    expect(world.state.carried).toEqual([])
    expect(nodeOf(world, node)).toMatchObject({ vouched: 0n, failedAt: 2 })
    expect(chargedOf(world, job)).toBe(0n)
  })
})
