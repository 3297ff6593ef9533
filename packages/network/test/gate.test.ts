// Who is let in: by hand, and with connections that say nothing.
import { connect, type Socket } from 'node:net'
import type { CircuitRelayService } from '@libp2p/circuit-relay-v2'
import type { Connection, Libp2p, MultiaddrConnection, PeerId } from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import { Denied } from '../src/libp2p/denied.ts'
import { Gate, type GateParts, RELAYED } from '../src/libp2p/gate.ts'
import { PRESETS } from '../src/libp2p/options.ts'
import { RELAY_PLACES, RelayPlaces } from '../src/libp2p/relay-places.ts'
import { scoresOf } from '../src/libp2p/scores.ts'
import { Mailbox } from './support/mailbox.ts'
import { peer } from './support/peers.ts'
import { Libp2pWorld } from './support/worlds.ts'

const limits = { connections: 20, pendingConnections: 10, subnetsShare: true }

class Arriving extends EventTarget {
  readonly remoteAddr: Multiaddr

  constructor(address: string) {
    super()
    this.remoteAddr = multiaddr(address)
  }

  get connection(): MultiaddrConnection {
    return this as unknown as MultiaddrConnection
  }

  close(): void {
    this.dispatchEvent(new Event('close'))
  }
}

type Given = Partial<Omit<GateParts, 'denied'>> & { readonly deny?: readonly string[] }

function gating({ deny = [], ...given }: Given = {}) {
  const refused: string[] = []
  const gate = new Gate({
    limits,
    bans: { isBanned: () => false },
    allow: [],
    denied: new Denied(deny),
    isFriend: () => false,
    count: (_, { why = '' }) => refused.push(why),
    ...given,
  })
  const events = new EventTarget()
  gate.attach(events as unknown as Libp2p)
  const comes = (host: string): Arriving | undefined => comesFrom(`/ip4/${host}/tcp/1`)
  const comesFrom = (address: string): Arriving | undefined => {
    const one = new Arriving(address)
    return gate.denyInboundConnection(one.connection) ? undefined : one
  }
  const opens = (one: Arriving | undefined): void => {
    if (one === undefined) throw new Error('it was not let in')
    gate.arrived(one.connection)
    const detail = { remoteAddr: one.remoteAddr, direction: 'inbound' } as unknown as Connection
    events.dispatchEvent(new CustomEvent('connection:open', { detail }))
  }
  return { refused, comes, comesFrom, opens }
}

/** Where peer 100 is seen that comes through this one. */
const through = (relay: number, coming = 100): string =>
  `/ip4/192.0.2.${relay}/tcp/1/p2p/${peer(relay)}/p2p-circuit/p2p/${peer(coming)}`

describe('a gate', () => {
  it('lets half of those who may be pending come from one subnet, and others after them', () => {
    const { comes, refused } = gating()
    const all = Array.from({ length: 7 }, (_, i) => comes(`192.0.2.${i}`))
    expect([all.filter((one) => one !== undefined).length, refused]).toEqual([5, ['pending', 'pending']])
    expect(comes('198.51.100.1')).toBeDefined()
    all[0]?.close()
    all[0]?.close()
    expect([comes('192.0.2.8') === undefined, comes('192.0.2.9') === undefined]).toEqual([false, true])
  })

  it('has nobody pending who is in', () => {
    const { comes, opens } = gating()
    for (let i = 0; i < 10; i++) opens(comes('192.0.2.1'))
    expect(comes('192.0.2.1')).toBeUndefined()
    expect(comes('198.51.100.1')).toBeDefined()
  })

  it('lets an allowed subnet in however many there are, but not what is denied', () => {
    const { comes, opens, refused } = gating({
      allow: ['/ip4/192.0.2.0/ipcidr/24'],
      deny: ['/ip4/192.0.2.128/ipcidr/25', '/ip4/203.0.113.7'],
    })
    for (let i = 0; i < 60; i++) opens(comes('192.0.2.1'))
    for (let i = 0; i < 20; i++) expect(comes('192.0.2.1')).toBeDefined()
    expect([comes('192.0.2.129'), comes('203.0.113.7'), refused]).toEqual([
      undefined,
      undefined,
      ['denied', 'denied'],
    ])
  })

  it('gives who comes through relays a few places of their own, shared by relay, whatever is allowed', () => {
    const allow = ['/ip4/192.0.2.0/ipcidr/24']
    const { comes, comesFrom, opens, refused } = gating({ allow })
    const all: Arriving[] = []
    const fill = (relay: number, most: number): void => {
      for (let i = 0; i < most; i++) {
        const one = comesFrom(through(relay, 100 + i))
        if (one === undefined) return
        opens(one)
        all.push(one)
      }
    }
    fill(1, 1000)
    expect([all.length, refused]).toEqual([RELAYED / 2, ['relayed']])
    fill(2, 1000)
    expect(all.length).toBe((RELAYED / 4) * 3)
    // Who is here itself has his own.
    expect(comes('198.51.100.1')).toBeDefined()
    for (const one of all) one.close()
    all.length = 0
    fill(1, 1000)
    expect(all.length).toBe(RELAYED / 2)
  })

  it('counts who comes through a relay and says nothing against the relay', () => {
    const { comesFrom, refused } = gating()
    const all = Array.from({ length: 6 }, (_, i) => comesFrom(through(1, 100 + i)))
    expect([all.filter((one) => one !== undefined).length, refused]).toEqual([5, ['pending']])
    expect(comesFrom(through(2))).toBeDefined()
    all[0]?.close()
    expect(comesFrom(through(1))).toBeDefined()
    // Before it is known who they are, they have places as well.
    const patient = gating({ limits: { ...limits, pendingConnections: 1000 } })
    for (let i = 0; i < RELAYED / 2; i++) expect(patient.comesFrom(through(1))).toBeDefined()
    expect([patient.comesFrom(through(1)), patient.refused]).toEqual([undefined, ['relayed']])
  })

  it('shares by subnet among relays that dialled this peer, whose addresses name no key', () => {
    const { comesFrom, opens } = gating()
    let places = 0
    const dialling = (i: number): string => `/ip4/192.0.2.1/tcp/${i + 1}/p2p-circuit/p2p/${peer(100)}`
    for (; places < 1000; places++) {
      const one = comesFrom(dialling(places))
      if (one === undefined) break
      opens(one)
    }
    expect(places).toBe(RELAYED / 2)
  })

  it('has places for friends behind a relay whose strangers have all they get, also when it lies', () => {
    const friend = peer(7)
    const isFriend = (name: string): boolean => name === friend.toString()
    const { comesFrom, opens, refused } = gating({ isFriend })
    for (let i = 0; i < RELAYED / 2; i++) opens(comesFrom(through(1)))
    expect(comesFrom(through(1))).toBeUndefined()
    // Five that name the friend, and prove nothing, are as many as may be pending.
    const lies = Array.from({ length: 6 }, () => comesFrom(through(1, 7)))
    expect([lies.filter((one) => one !== undefined).length, refused]).toEqual([5, ['relayed', 'pending']])
    opens(comesFrom(through(2, 7)))
    for (let i = 0; i < RELAYED / 4; i++) opens(comesFrom(through(2)))
  })

  it('does not let in who comes through a relay that is denied', () => {
    const { comesFrom, refused } = gating({ deny: ['/ip4/192.0.2.1'] })
    expect([comesFrom(through(1)), refused]).toEqual([undefined, ['denied']])
    expect(comesFrom(through(2))).toBeDefined()
  })
})

describe('connections that say nothing', () => {
  const sockets: Socket[] = []

  /** From an address of this machine, of which it has all that begin with 127. */
  function dial(port: number, localAddress: string): Socket {
    const socket = connect({ port, host: '127.0.0.1', localAddress })
    // Who is refused is hung up on.
    socket.on('error', () => undefined)
    sockets.push(socket)
    return socket
  }

  it('shut nobody else out', async () => {
    const world = new Libp2pWorld()
    try {
      const refused = new Mailbox<string>()
      const hub = await world.make(
        { role: 'hub', listen: ['/ip4/127.0.0.1/tcp/0'], preset: 'public' },
        { count: (name, { why = '' }) => name === 'network_connections_refused_total' && refused.put(why) },
      )
      const port = Number(/\/tcp\/(\d+)/.exec(hub.addresses()[0] ?? '')?.[1])
      // Fewer a second from each address than libp2p lets in.
      const pending = PRESETS.public.pendingConnections
      for (let i = 0; i < 2 * pending + 10; i++) dial(port, `127.0.0.${2 + (i % 100)}`)
      for (let i = 0; i < pending; i++) expect(await refused.next()).toBe('pending')
      const other = dial(port, '127.0.1.1')
      const { promise, resolve } = Promise.withResolvers<string>()
      other.on('data', (bytes) => resolve(bytes.toString()))
      other.on('close', () => resolve('closed'))
      other.write('\x13/multistream/1.0.0\n')
      expect(await promise).toContain('/multistream/1.0.0')
    } finally {
      for (const socket of sockets) socket.destroy()
      await world.end()
    }
  })
})

describe('a crowd behind one address', () => {
  it('is heard: gossip holds nothing against it', () => {
    expect(scoresOf([]).scoreParams?.IPColocationFactorWeight).toBe(0)
  })
})

describe('places at a relay', () => {
  function relaying() {
    const reservations = new Map<string, { readonly addr: Multiaddr; readonly signal: { clear(): void } }>()
    const connected = new Map<string, Multiaddr>()
    const events = new EventTarget()
    const refused: string[] = []
    let cleared = 0
    const byName = {
      get: (peer: PeerId) => reservations.get(peer.toString()),
      delete: (peer: PeerId) => reservations.delete(peer.toString()),
      values: () => reservations.values(),
    } as unknown as CircuitRelayService['reservations']
    const places = new RelayPlaces({
      limits: { subnetsShare: true },
      count: (_, { why = '' }) => refused.push(why),
    })
    places.attach({
      getConnections: (peer?: PeerId) => {
        const remoteAddr = connected.get(peer?.toString() ?? '')
        return remoteAddr === undefined ? [] : [{ remoteAddr } as unknown as Connection]
      },
      addEventListener: events.addEventListener.bind(events) as Libp2p['addEventListener'],
      services: { relay: { reservations: byName } },
    })
    const asks = (peer: PeerId, host: string): boolean => {
      const addr = multiaddr(`/ip4/${host}/tcp/1`)
      connected.set(peer.toString(), addr)
      if (places.deny(peer)) return false
      // As libp2p does it.
      expect(reservations.has(peer.toString())).toBe(false)
      reservations.set(peer.toString(), { addr, signal: { clear: () => cleared++ } })
      return true
    }
    const leaves = (peer: PeerId): void => {
      events.dispatchEvent(new CustomEvent('peer:disconnect', { detail: peer }))
    }
    return { asks, leaves, refused, clearedOf: () => cleared }
  }
  it('are shared by subnets, and free again when who had one is gone', () => {
    const { asks, leaves, refused } = relaying()
    const half = RELAY_PLACES / 2
    for (let i = 0; i < half; i++) expect(asks(peer(i), '192.0.2.1')).toBe(true)
    expect([asks(peer(half), '192.0.2.9'), refused]).toEqual([false, ['relay']])
    expect(asks(peer(half + 1), '198.51.100.1')).toBe(true)
    leaves(peer(0))
    leaves(peer(half + 1))
    expect(asks(peer(half), '192.0.2.9')).toBe(true)
  })

  it('are renewed by who has one, and the clock of the old one stops', () => {
    const { asks, clearedOf } = relaying()
    for (let i = 0; i < RELAY_PLACES / 2; i++) asks(peer(i), '192.0.2.1')
    expect([asks(peer(0), '192.0.2.1'), clearedOf()]).toEqual([true, 1])
  })
})
