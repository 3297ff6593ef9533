import { PublicKey } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import type { Call } from './support/encode.ts'
import { makeNetwork } from './support/network.ts'
import { substitutions } from './support/substitution.ts'
import { World } from './support/world.ts'

describe('accept_authority', () => {
  const world = new World()
  const network = makeNetwork(world)
  const nominee = world.key()
  const plan = (who: PublicKey): Call => ({
    name: 'accept_authority',
    accounts: { nominee: who, network: network.id },
  })

  it('is for nobody while nobody is nominated, not even the zero address', () => {
    expect(world.refusal(plan(nominee))).toBe('NotNominee')
    expect(world.refusal(plan(PublicKey.default))).toBe('NotNominee')
    expect(world.refusal(plan(network.authority))).toBe('NotNominee')
  })

  it('is for the nominee alone, and refuses every account in another place', () => {
    world.write('Network', network.id, { pending_authority: nominee })
    expect(world.refusal(plan(network.authority))).toBe('NotNominee')
    const { expected, actual } = substitutions(world, plan(nominee))
    expect(actual).toEqual(expected)
  })

  it('makes the nominee the authority, once', () => {
    const { events } = world.send(plan(nominee))
    const fields = { network: network.id.toBase58(), authority: nominee.toBase58() }
    expect(events).toEqual([{ name: 'AuthorityAccepted', fields }])
    expect(world.read('Network', network.id, 'authority')).toBe(nominee.toBase58())
    expect(world.refusal(plan(nominee))).toBe('NotNominee')
    const pause = { name: 'pause', accounts: { authority: network.authority, network: network.id } }
    expect(world.refusal(pause)).toBe('NotAuthority')
  })
})
