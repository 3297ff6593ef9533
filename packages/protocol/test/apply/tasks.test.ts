// The story of a task whose replicas come to nothing: it is dealt again, three epochs later, until it is done.
import { describe, expect, test } from 'vitest'
import { at } from '../support/chain.ts'
import { chargedOf, jobOf, play, smallWorld, TRUSTED } from '../support/worlds.ts'

describe('a replica that comes to nothing', () => {
  test('is dealt again, three epochs after its lease ended', () => {
    const { world, job } = smallWorld(
      {
        name: 'dealt again',
        contributors: [{ vouched: TRUSTED, capacity: 1, behaviour: { works: (epoch) => epoch >= 4 } }],
      },
      { tasks: 1, leaseEpochs: 1 },
    )
    play(world, 2)
    expect(jobOf(world, job)).toMatchObject({ cursor: 1, inFlight: 0, tasks: [{ task: 0, missing: 1 }] })
    play(world, 2)
    expect(chargedOf(world, job)).toBe(0n)
    play(world, 1)
    expect(jobOf(world, job)).toMatchObject({ charged: 100n, inFlight: 0, tasks: [] })
  })

  test('was of a newcomer: another newcomer may try, as often as it takes', () => {
    const { world, job } = smallWorld(
      {
        name: 'newcomers only',
        contributors: [{ vouched: 0n, capacity: 1, behaviour: { works: (epoch) => epoch >= 12 } }],
      },
      { tasks: 1, leaseEpochs: 1 },
    )
    play(world, 12)
    expect(chargedOf(world, job)).toBe(0n)
    play(world, 1)
    expect(chargedOf(world, job)).toBe(100n)
  })

  test('leaves its account free to get the task again, unless a row was delivered for it', () => {
    const { world, job } = smallWorld(
      {
        name: 'free again',
        contributors: [
          { vouched: TRUSTED, capacity: 1 },
          { vouched: TRUSTED, capacity: 1, behaviour: { works: (epoch) => epoch >= 3 } },
        ],
      },
      { tasks: 1, replicas: 2, leaseEpochs: 0 },
    )
    play(world, 1)
    expect(jobOf(world, job).tasks).toMatchObject([{ task: 0, out: 0, missing: 1, had: [0] }])
    play(world, 3)
    expect(jobOf(world, job)).toMatchObject({ charged: 200n, tasks: [] })
  })
})

test('of several replicas of an exact kind, each is counted until it is decided', () => {
  const { world, job } = smallWorld(
    {
      name: 'exact twice',
      contributors: [
        { vouched: TRUSTED, capacity: 1 },
        { vouched: TRUSTED, capacity: 1, behaviour: { postpones: (epoch) => epoch < 2 } },
      ],
    },
    { tasks: 1, replicas: 2, leaseEpochs: 2 },
  )
  play(world, 1)
  expect(at(jobOf(world, job).tasks, 0)).toMatchObject({ out: 1, missing: 0 })
  play(world, 2)
  expect(jobOf(world, job)).toMatchObject({ charged: 200n, inFlight: 0, tasks: [] })
})
