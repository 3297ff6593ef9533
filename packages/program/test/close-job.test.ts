import { describe, expect, it } from 'vitest'
import { makeJob, planClose } from './support/jobs.ts'
import { makeNetwork } from './support/network.ts'
import { substitutions } from './support/substitution.ts'
import { World } from './support/world.ts'

describe('close_job', () => {
  const world = new World()
  const network = makeNetwork(world)
  const job = makeJob(world, network)
  const call = planClose(job)

  it('refuses every account in another place', () => {
    const { expected, actual } = substitutions(world, call)
    expect(actual).toEqual(expected)
  })

  it('is for the requester of that job alone', () => {
    const other = makeJob(world, network)
    const accounts = { requester: other.requester, job: job.address }
    expect(world.refusal({ ...call, accounts })).toBe('NotRequester')
  })

  it('closes an open job or one that never opened, and once', () => {
    world.setSlot(1_234n)
    const { events } = world.send(call)
    const fields = { network: network.id.toBase58(), index: 0n, slot: 1_234n }
    expect(events).toEqual([{ name: 'JobClosed', fields }])
    expect(world.read('Job', job.address, 'close_slot')).toBe(1_234n)
    world.setSlot(1_235n)
    expect(world.refusal(call)).toBe('JobClosed')
    const open = makeJob(world, network)
    world.write('Job', open.address, { open_slot: 1_200n })
    expect(world.refusal(planClose(open))).toBe('accepted')
  })

  it('is possible during a pause', () => {
    world.write('Network', network.id, { pause_until: 2n ** 40n })
    world.write('Job', job.address, { close_slot: 0n })
    expect(world.refusal(call)).toBe('accepted')
  })
})
