// Ways to a peer: found by its key, over WebSockets, and through a relay.
import { type Network, protocols } from '@piecework/network'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { codeOf, knows } from './support/contract.ts'
import { Libp2pWorld } from './support/worlds.ts'

const TCP = '/ip4/127.0.0.1/tcp/0'
const WS = '/ip4/127.0.0.1/tcp/0/ws'

describe('a peer', () => {
  let world: Libp2pWorld
  beforeEach(() => {
    world = new Libp2pWorld()
  })
  afterEach(() => world.end())

  const answers = (network: Network): Network => {
    network.answer(protocols.work, ({ epoch }) => Promise.resolve({ node: epoch, tasks: [] }))
    return network
  }
  const asks = async (from: Network, to: Uint8Array): Promise<void> => {
    const { node } = await from.ask(protocols.work, { epoch: 5, nodeKey: from.self }, to)
    expect(node).toBe(5)
  }

  it('is found by its key, whoever is known', async () => {
    const first = await world.make({ role: 'hub', listen: [TCP], bootstrap: [] })
    const bootstrap = first.addresses()
    const second = answers(await world.make({ role: 'hub', listen: [TCP], bootstrap }))
    await knows(first, second.self, ['work'])
    const home = await world.make({ role: 'home', listen: [], bootstrap })
    await knows(home, first.self)
    await asks(home, second.self)
  })

  it('is reached over WebSockets', async () => {
    const hub = answers(await world.make({ role: 'hub', listen: [WS], bootstrap: [] }))
    expect(hub.addresses()[0]).toContain('/ws/')
    const home = await world.make({ role: 'home', listen: [], bootstrap: hub.addresses() })
    await knows(home, hub.self)
    await asks(home, hub.self)
  })

  it('that only dials out is reached through a hub that it dialled', async () => {
    const hub = await world.hub()
    const home = answers(await world.home())
    await knows(hub, home.self, ['work'])
    const other = await world.home()
    await knows(other, hub.self)
    await asks(other, home.self)
    // A link through it would be the hub's.
    home.takeLinks(async () => undefined)
    expect(await codeOf(other.openLink(home.self, 5_000))).toBe('network/unreachable')
    expect(other.peers().some(({ addresses }) => addresses.some((one) => one.includes('p2p-circuit')))).toBe(
      true,
    )
  })
})
