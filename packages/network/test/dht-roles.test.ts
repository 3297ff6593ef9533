// Who serves the DHT: hubs that others can dial, and nobody else.
import { type Libp2p, TypedEventEmitter } from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { afterEach, describe, expect, it } from 'vitest'
import type { Services } from '../src/libp2p/node.ts'
import { Reach } from '../src/libp2p/reach.ts'
import { type Made, madeNode, names } from './support/made-node.ts'
import { Mailbox } from './support/mailbox.ts'

describe('the DHT', () => {
  let made: Made | undefined
  afterEach(() => made?.stop())

  it.each([
    ['not served by a home', 'home', false],
    ['served by a hub', 'hub', true],
  ] as const)('is %s', async (_, role, serves) => {
    made = await madeNode({ role, preset: 'local' })
    expect(made.node.getProtocols().includes(names.dht)).toBe(serves)
  })
})

describe('a hub', () => {
  interface Events {
    'self:peer:update': CustomEvent<unknown>
  }

  function reaching() {
    const events = new TypedEventEmitter<Events>()
    const said = new Mailbox<string>()
    let addresses: readonly Multiaddr[] = []
    const libp2p = {
      status: 'started',
      getMultiaddrs: () => addresses,
      addEventListener: events.addEventListener.bind(events),
      services: {
        dht: { setMode: async (mode: string) => said.put(mode) },
        listening: { listen: async (address: Multiaddr) => said.put(address.toString()) },
      },
    } as unknown as Libp2p<Services>
    const count = (_: string, { others = '' }): void => said.put(others)
    const reach = new Reach({ libp2p, options: { role: 'hub', preset: 'public' }, ports: { count } })
    const isAt = (...hosts: string[]): void => {
      addresses = hosts.map((host) => multiaddr(`/ip4/${host}/tcp/4001`))
      events.dispatchEvent(new CustomEvent('self:peer:update'))
    }
    return { reach, isAt, said }
  }
  const next = async (said: Mailbox<string>, many: number): Promise<readonly string[]> =>
    Promise.all(Array.from({ length: many }, () => said.next()))

  it('serves the DHT while others can dial it; when they cannot it asks for a place at a relay, once', async () => {
    const { reach, isAt, said } = reaching()
    reach.attach()
    expect(await next(said, 3)).toEqual(['do not', 'client', '/p2p-circuit'])
    isAt('21.0.0.1')
    expect(await next(said, 2)).toEqual(['dial it', 'server'])
    // As well as before: nothing changes.
    isAt('21.0.0.1', '22.0.0.1')
    isAt()
    expect(await next(said, 2)).toEqual(['do not', 'client'])
    isAt('21.0.0.1')
    expect(await next(said, 2)).toEqual(['dial it', 'server'])
  })
})
