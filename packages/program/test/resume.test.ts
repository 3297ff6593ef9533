import { describe, expect, it } from 'vitest'
import type { Call } from './support/encode.ts'
import { makeNetwork, type Network } from './support/network.ts'
import { substitutions } from './support/substitution.ts'
import { World } from './support/world.ts'

const maxPause = 600n

function plan(network: Network, name: string): Call {
  return { name, accounts: { authority: network.authority, network: network.id } }
}

describe('resume', () => {
  const world = new World()
  const network = makeNetwork(world)
  const resume = plan(network, 'resume')
  const pause = plan(network, 'pause')

  it('has nothing to do without a pause', () => {
    world.setSlot(1_000n)
    expect(world.refusal(resume)).toBe('NotPaused')
  })

  it('is for the authority alone, and refuses every account in another place', () => {
    world.send(pause)
    const { expected, actual } = substitutions(world, resume)
    expect(actual).toEqual(expected)
    const stranger = { authority: world.key(), network: network.id }
    expect(world.refusal({ name: 'resume', accounts: stranger })).toBe('NotAuthority')
  })

  it('ends the pause at once, and the next can come after as long a time as it lasted', () => {
    world.setSlot(1_040n)
    const { events } = world.send(resume)
    const fields = { network: network.id.toBase58(), slot: 1_040n }
    expect(events).toEqual([{ name: 'Resumed', fields }])
    expect(world.read('Network', network.id, 'pause_until')).toBe(1_040n)
    expect(world.refusal(resume)).toBe('NotPaused')
    world.setSlot(1_079n)
    expect(world.refusal(pause)).toBe('PauseTooSoon')
    world.setSlot(1_080n)
    expect(world.refusal(pause)).toBe('accepted')
  })

  it('has nothing to do when the pause ended by itself', () => {
    world.send(pause)
    world.setSlot(1_080n + maxPause)
    expect(world.refusal(resume)).toBe('NotPaused')
  })
})
