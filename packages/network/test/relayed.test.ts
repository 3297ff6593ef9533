// Strangers that come to a home through a relay, over real connections.
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import type { Connection, Libp2p } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { afterEach, describe, expect, it } from 'vitest'
import { RELAYED } from '../src/libp2p/gate.ts'
import { peerIdOf } from '../src/libp2p/keys.ts'
import { Libp2pWorld } from './support/worlds.ts'

/** One relay's share of them. */
const HALF = RELAYED / 2
/** So many dial at once, since a hub takes some thirty streams of a connection. */
const CROWD = 3
/** Who is refused hears nothing of it. */
const WAITED_MS = 1500
const SOON = { timeout: 10_000 }

describe('a home of a public network', () => {
  const world = new Libp2pWorld()
  const strangers: Libp2p[] = []
  afterEach(async () => {
    await Promise.all(strangers.map((one) => one.stop()))
    await world.end()
  })

  const stranger = async (): Promise<Libp2p> => {
    const made = await createLibp2p({
      transports: [tcp(), circuitRelayTransport()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      services: { identify: identify() },
    })
    strangers.push(made)
    return made
  }
  /** One after the other; those that stay. */
  const dial = async (from: Libp2p, to: string, times: number): Promise<readonly Connection[]> => {
    const all: Connection[] = []
    for (let i = 0; i < times; i++) {
      const signal = AbortSignal.timeout(WAITED_MS)
      const one = await from.dial(multiaddr(to), { force: true, signal }).catch(() => undefined)
      if (one !== undefined) all.push(one)
    }
    return all
  }

  it('lets few strangers through a relay, though it allows that, and others once they are gone', async () => {
    const denied = await stranger()
    const refused: string[] = []
    const common = { preset: 'public', allow: ['/ip4/127.0.0.0/ipcidr/8'] } as const
    const hub = await world.make({ ...common, role: 'hub', listen: ['/ip4/127.0.0.1/tcp/0'] })
    const home = await world.make(
      { ...common, role: 'home', listen: [], bootstrap: hub.addresses(), deny: [`/p2p/${denied.peerId}`] },
      { count: (name, { why = '' }) => name === 'network_connections_refused_total' && refused.push(why) },
    )
    await expect.poll(() => home.addresses().join(), SOON).toContain('/p2p-circuit')
    const to = `${hub.addresses()[0]}/p2p-circuit/p2p/${peerIdOf(home.self)}`
    // More than there are places: each is given back.
    await dial(denied, to, HALF + 1)
    await expect.poll(() => refused, SOON).toEqual(new Array<string>(HALF + 1).fill('denied'))
    refused.length = 0

    const crowd = await Promise.all(Array.from({ length: CROWD }, stranger))
    const each = Math.ceil((HALF + 1) / CROWD)
    const open = (await Promise.all(crowd.map((one) => dial(one, to, each)))).flat()
    const tooMany = CROWD * each - HALF
    expect(open.length).toBe(HALF)
    await expect.poll(() => refused, SOON).toEqual(new Array<string>(tooMany).fill('relayed'))
    await Promise.all(open.map((one) => one.close()))
    const again = await dial(await stranger(), to, 1)
    expect([again.length, refused.length]).toEqual([1, tooMany])
  }, 60_000)
})
