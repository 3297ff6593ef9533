// Hubs that are found on the local network: real packets, on a machine that has one.
import { randomBytes } from 'node:crypto'
import { networkInterfaces } from 'node:os'
import { afterEach, describe, expect, it } from 'vitest'
import { Names } from '../src/libp2p/names.ts'
import { knows } from './support/contract.ts'
import { Libp2pWorld } from './support/worlds.ts'

const hasLan = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ family, internal }) => family === 'IPv4' && !internal),
)

describe('a home on a local network', () => {
  const world = new Libp2pWorld()
  afterEach(() => world.end())

  it('finds a hub of its own network, and no other', async (context) => {
    if (!hasLan) context.skip('this machine has no network but its own, where nobody can be asked')
    // Of nobody else who tests on this machine.
    const common = { mdns: true, bootstrap: [], networkId: new Uint8Array(randomBytes(32)) }
    const listen = ['/ip4/0.0.0.0/tcp/0']
    const hub = await world.make({ ...common, role: 'hub', listen })
    await world.make({ ...common, role: 'hub', listen, networkId: new Uint8Array(randomBytes(32)) })
    const learned: string[] = []
    const count = (name: string, { source }: Readonly<Record<string, string>>): void => {
      if (name === 'network_hubs_total' && source !== undefined) learned.push(source)
    }
    const home = await world.make({ ...common, role: 'home', listen: [] }, { count })
    await knows(home, hub.self)
    expect(learned).toEqual(['lan'])
  })
})

describe('the name of the service', () => {
  it('is of the network, and fits into a label', () => {
    const of = (byte: number): string => new Names(new Uint8Array(32).fill(byte), 8).lan
    expect(of(1)).not.toBe(of(2))
    expect(of(1)).toMatch(/^_piecework-[a-z0-9]{16}\._udp\.local$/)
  })
})
