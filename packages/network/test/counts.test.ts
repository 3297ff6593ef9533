// What peers count of their connections, dials, questions and links.
import { protocols } from '@piecework/network'
import { u32le } from '@piecework/protocol'
import { RawPeer } from '@piecework/testkit/raw-peer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Names } from '../src/libp2p/names.ts'
import type { NetworkPorts } from '../src/libp2p.ts'
import { codeOf, knows } from './support/contract.ts'
import { Mailbox } from './support/mailbox.ts'
import { NETWORK_ID } from './support/peers.ts'
import { Libp2pWorld } from './support/worlds.ts'

const LINK_MS = 20_000
/** More than all strangers get of the room for what is under way. */
const TOO_MUCH = 250_000_000
const names = new Names(NETWORK_ID, 8)

describe('what is counted', () => {
  let world: Libp2pWorld
  beforeEach(() => {
    world = new Libp2pWorld()
  })
  afterEach(() => world.end())

  /** Of one name, the labels. */
  const counting = (name: string): { box: Mailbox<string>; count: NonNullable<NetworkPorts['count']> } => {
    const box = new Mailbox<string>()
    const count = (one: string, labels: Readonly<Record<string, string>>): void => {
      if (one === name) box.put(Object.values(labels).join(' '))
    }
    return { box, count }
  }

  it('are connections that open and close', async () => {
    const { box, count } = counting('network_connections_total')
    const hub = await world.hub()
    await world.make({ role: 'home', listen: [] }, { count })
    expect(await box.next()).toBe('open')
    await hub.stop()
    expect(await box.next()).toBe('close')
  })

  it('are dials, by who told of the hub', async () => {
    const { box, count } = counting('network_dials_total')
    const hub = await world.hub()
    await world.make({ role: 'home', listen: [] }, { count })
    expect(await box.next()).toBe('bootstrap connected')
    await hub.stop()
    expect(await box.next()).toBe('bootstrap failed')
  })

  it('are own questions without room for their answers', async () => {
    const { box, count } = counting('network_full_total')
    const hub = await world.make({ role: 'hub', listen: ['/ip4/127.0.0.1/tcp/0'] }, { count })
    const raw = await RawPeer.dial({ address: hub.addresses()[0] ?? '', prefix: names.prefix, isMute: true })
    try {
      await knows(hub, raw.key)
      const reply = Uint8Array.of(...u32le(1), 0, ...u32le(TOO_MUCH))
      await raw.answer(names.protocol('work'), reply, { isOpen: true })
      const long = { ...protocols.work, maxAnswerBytes: TOO_MUCH }
      const asking = hub.ask(long, { epoch: 1, nodeKey: hub.self }, raw.key)
      expect([await codeOf(asking), await box.next()]).toEqual(['network/busy', 'asked room'])
    } finally {
      await raw.stop()
    }
  })

  it('are links, by both ends', async () => {
    const opened = counting('network_links_total')
    const taken = counting('network_links_total')
    const hub = await world.make({ role: 'hub', listen: ['/ip4/127.0.0.1/tcp/0'] }, { count: opened.count })
    const home = await world.make(
      { role: 'home', listen: [], bootstrap: hub.addresses() },
      { count: taken.count },
    )
    await knows(hub, home.self)
    expect(await codeOf(hub.openLink(home.self, LINK_MS))).toBe('network/unsupported')
    expect(await opened.box.next()).toBe('network/unsupported')
    home.takeLinks(async () => undefined)
    await knows(hub, home.self, ['measure'])
    await hub.openLink(home.self, LINK_MS)
    expect([await opened.box.next(), await taken.box.next()]).toEqual(['opened', 'taken'])
  })
})
