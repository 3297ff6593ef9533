import { PublicKey } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import type { Call } from './support/encode.ts'
import { makeNetwork } from './support/network.ts'
import { substitutions } from './support/substitution.ts'
import { World } from './support/world.ts'

describe('nominate_authority', () => {
  const world = new World()
  const network = makeNetwork(world)
  const plan = (nominee: PublicKey, authority = network.authority): Call => ({
    name: 'nominate_authority',
    accounts: { authority, network: network.id },
    args: { nominee },
  })
  const nominee = world.key()

  it('names who may accept, and changes nothing else', () => {
    const { events } = world.send(plan(nominee))
    const fields = { network: network.id.toBase58(), nominee: nominee.toBase58() }
    expect(events).toEqual([{ name: 'AuthorityNominated', fields }])
    expect(world.read('Network', network.id, 'pending_authority')).toBe(nominee.toBase58())
    expect(world.read('Network', network.id, 'authority')).toBe(network.authority.toBase58())
  })

  it('replaces a nomination, or takes it back', () => {
    const other = world.key()
    world.send(plan(other))
    expect(world.read('Network', network.id, 'pending_authority')).toBe(other.toBase58())
    world.send(plan(PublicKey.default))
    expect(world.read('Network', network.id, 'pending_authority')).toBe(PublicKey.default.toBase58())
  })

  it('is for the authority alone, and refuses every account in another place', () => {
    const { expected, actual } = substitutions(world, plan(nominee))
    expect(actual).toEqual(expected)
    expect(world.refusal(plan(nominee, nominee))).toBe('NotAuthority')
  })
})
