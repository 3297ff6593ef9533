import { describe, expect, it } from 'vitest'
import { planPage } from './support/accounts.ts'
import { makeNetwork } from './support/network.ts'
import { putRoots } from './support/roots.ts'
import { substitutions } from './support/substitution.ts'
import { World } from './support/world.ts'

describe('open_page', () => {
  const world = new World()
  const network = makeNetwork(world)
  const accounts = (count: bigint): void => {
    const root = { root: new Uint8Array(32).fill(1), count, total: 0n }
    putRoots(world, network, { epoch: 18n, accounts: root })
  }

  it('makes no page before there are accounts', () => {
    expect(world.refusal(planPage(world, network))).toBe('RootNotKept')
    accounts(0n)
    expect(world.refusal(planPage(world, network))).toBe('PageNotNeeded')
  })

  it('makes the pages that the accounts need', () => {
    const page = (number: number): string => world.refusal(planPage(world, network, number))
    accounts(1n)
    expect([0, 1].map(page)).toEqual(['accepted', 'PageNotNeeded'])
    accounts(1_024n)
    expect([0, 1].map(page)).toEqual(['accepted', 'PageNotNeeded'])
    accounts(1_025n)
    expect([0, 1, 2].map(page)).toEqual(['accepted', 'accepted', 'PageNotNeeded'])
    accounts(2n ** 32n)
    expect(page(2 ** 32 - 1)).toBe('PageNotNeeded')
    expect(page(2 ** 22 - 1)).toBe('accepted')
  })

  it('makes them once, empty', () => {
    accounts(1_025n)
    const call = planPage(world, network, 1)
    const { events } = world.send(call)
    const fields = { network: network.id.toBase58(), number: 1n }
    expect(events).toEqual([{ name: 'PageOpened', fields }])
    const page = call.accounts['page'] ?? world.key()
    expect(world.read('ClaimPage', page, 'number')).toBe(1n)
    expect(world.read('ClaimPage', page, 'network')).toBe(network.id.toBase58())
    expect(
      world
        .account(page)
        .data.subarray(40)
        .every((byte) => byte === 0),
    ).toBe(true)
    expect(world.refusal(call)).toBe('AlreadyExists')
  })

  it('refuses every account in another place', () => {
    const { expected, actual } = substitutions(world, planPage(world, network))
    expect(actual).toEqual(expected)
    const other = makeNetwork(world, { name: 2 })
    putRoots(world, other, { epoch: 18n, accounts: { root: new Uint8Array(32), count: 9n, total: 0n } })
    const call = planPage(world, network)
    const swapped = { ...call, accounts: { ...call.accounts, network: other.id } }
    expect(world.refusal(swapped)).toBe('WrongAddress')
  })
})
