import { describe, expect, it } from 'vitest'
import type { Call } from './support/encode.ts'
import { makeNetwork, type Network } from './support/network.ts'
import { substitutions } from './support/substitution.ts'
import { World } from './support/world.ts'

const maxPause = 600n

function plan(network: Network): Call {
  return { name: 'pause', accounts: { authority: network.authority, network: network.id } }
}

describe('pause', () => {
  const world = new World()
  const network = makeNetwork(world)
  world.setSlot(1_000n)

  it('is for the authority alone, and refuses every account in another place', () => {
    const { expected, actual } = substitutions(world, plan(network))
    expect(actual).toEqual(expected)
    const stranger = { authority: world.key(), network: network.id }
    expect(world.refusal({ name: 'pause', accounts: stranger })).toBe('NotAuthority')
  })

  it('ends by itself, and cannot be had again for as long', () => {
    const { events } = world.send(plan(network))
    const fields = { network: network.id.toBase58(), until: 1_000n + maxPause }
    expect(events).toEqual([{ name: 'Paused', fields }])
    expect(world.read('Network', network.id, 'paused_at')).toBe(1_000n)
    expect(world.read('Network', network.id, 'pause_until')).toBe(1_000n + maxPause)
    for (const slot of [1_000n, 1_000n + maxPause, 1_000n + 2n * maxPause - 1n]) {
      world.setSlot(slot)
      expect(world.refusal(plan(network))).toBe('PauseTooSoon')
    }
    world.setSlot(1_000n + 2n * maxPause)
    expect(world.refusal(plan(network))).toBe('accepted')
  })
})
