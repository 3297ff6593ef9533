// Leases over epochs: what the state keeps of a deal, and for how long.
import { World } from '@piecework/testkit'
import { expect, test } from 'vitest'
import { lastEpochOf } from '../../src/apply/leases.ts'
import { LEASE_EPOCHS } from '../../src/limits.ts'
import { chargedOf, jobOf, NO_FEES, play, TRUSTED } from '../support/worlds.ts'

test('of a deal that is two epochs old, only leases that run and were not used are kept', () => {
  const world = new World({
    name: 'kept leases',
    contributors: [
      { vouched: TRUSTED, capacity: 2 },
      { vouched: TRUSTED, capacity: 2, behaviour: { postpones: (epoch) => epoch < 4 } },
    ],
  })
  const long = world.addJob({ ...NO_FEES, price: 9n, tasks: 2, leaseEpochs: 6 })
  world.addJob({ ...NO_FEES, price: 1n, tasks: 2, leaseEpochs: 2 })
  const kept = (): unknown => {
    return world.state.dealt.map(({ deal }) => [
      deal.epoch,
      deal.jobs.map(({ job, tasks }) => [job, tasks.length]),
    ])
  }
  play(world, 2)
  expect(kept()).toEqual([
    [
      0,
      [
        [0, 2],
        [1, 2],
      ],
    ],
    [1, []],
  ])
  play(world, 2)
  const [first] = world.state.dealt
  expect(first).toMatchObject({ deal: { epoch: 0, jobs: [{ job: long }] } })
  const outstanding = first?.deal.jobs[0]
  expect([...(outstanding?.nodes ?? [])].every((node) => node === 1)).toBe(true)
  const before = chargedOf(world, long)
  play(world, 1)
  expect(chargedOf(world, long)).toBeGreaterThan(before)
  expect(jobOf(world, long).inFlight).toBe(0)
  expect(world.state.dealt.map(({ deal }) => deal.epoch)).toEqual([3, 4])
})

test('no lease runs longer than the state is willing to keep its deal', () => {
  const world = new World({ name: 'long leases' })
  const job = world.addJob({ leaseEpochs: 4_294_967_295 })
  const short = world.addJob({ leaseEpochs: 3 })
  play(world, 1)
  expect(lastEpochOf(world.state, 7, job)).toBe(7 + LEASE_EPOCHS)
  expect(lastEpochOf(world.state, 7, short)).toBe(10)
})
