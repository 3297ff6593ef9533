// A world is the same whenever it is played again, and what its cast does is seen in the state.
import { attestationHash, toHex } from '@piecework/protocol'
import { describe, expect, test } from 'vitest'
import { absent, equivocator, faker, silent, World } from '../src/index.ts'

function rootOf(name: string, epochs: number): string {
  const world = new World({ name, signs: true, contributors: [{ vouched: 10_000n }, { vouched: 0n }] })
  world.addJob({ price: 100n })
  world.enrol()
  for (let i = 1; i < epochs; i++) world.step()
  return toHex(attestationHash(world.step().attestation))
}

test('worlds of one name are the same, others are not', () => {
  expect(rootOf('one', 5)).toBe(rootOf('one', 5))
  expect(rootOf('one', 5)).not.toBe(rootOf('another', 5))
})

describe('a contributor', () => {
  test.each([
    ['honest', {}, { failed: false, paid: true }],
    ['absent', absent, { failed: false, paid: false }],
    ['that fakes', faker(1), { failed: true, paid: false }],
    ['that equivocates', equivocator, { failed: true, paid: false }],
    ['silent to the last', silent, { failed: true, paid: false }],
  ])('%s', (_, behaviour, expected) => {
    const world = new World({
      name: 'one contributor',
      params: { carryEpochs: 2 },
      contributors: [{ vouched: 0n, behaviour }],
    })
    const job = world.addJob({ price: 100n })
    for (let i = 0; i < 3; i++) world.step()
    const failed = (world.state.nodes[0]?.failedAt ?? -1) >= 0
    const paid = (world.state.jobs[job]?.charged ?? 0n) > 0n
    expect({ failed, paid }).toEqual(expected)
  })

  test('that enrols works three epochs later', () => {
    const world = new World({ name: 'newcomer' })
    const job = world.addJob({ price: 100n })
    const newcomer = world.enrol()
    for (let i = 0; i < 3; i++) world.step()
    expect(newcomer.index).toBe(0)
    expect(world.state.jobs[job]?.charged).toBe(0n)
    world.step()
    expect(world.state.jobs[job]?.charged).toBeGreaterThan(0n)
  })
})

describe('what a world prepares', () => {
  test('can be changed before it is applied', () => {
    const world = new World({ name: 'changed', contributors: [{ vouched: 10_000n }] })
    world.addJob({ price: 100n })
    const epoch = world.prepare()
    world.apply({ ...epoch, inputs: { ...epoch.inputs, reports: [] } })
    expect(world.state.carried).toHaveLength(1)
  })
})
