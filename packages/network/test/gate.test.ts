// Who is let in: by hand, and with connections that say nothing.
import { connect, type Socket } from 'node:net'
import type { CircuitRelayService } from '@libp2p/circuit-relay-v2'
import type { Connection, Libp2p, MultiaddrConnection, PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { keyFromSecret } from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
import { Gate, type GateParts } from '../src/libp2p/gate.ts'
import { peerIdOf } from '../src/libp2p/keys.ts'
import { PRESETS } from '../src/libp2p/options.ts'
import { RELAY_PLACES, RelayPlaces } from '../src/libp2p/relay-places.ts'
import { scoresOf } from '../src/libp2p/scores.ts'
import { Mailbox } from './support/mailbox.ts'
import { secretOf } from './support/peers.ts'
import { Libp2pWorld } from './support/worlds.ts'

const limits = { connections: 20, pendingConnections: 10, subnetsShare: true }

class Arriving extends EventTarget {
  readonly remoteAddr: Multiaddr

  constructor(host: string) {
    super()
    this.remoteAddr = multiaddr(`/ip4/${host}/tcp/1`)
  }

  get connection(): MultiaddrConnection {
    return this as unknown as MultiaddrConnection
  }

  close(): void {
    this.dispatchEvent(new Event('close'))
  }
}

function gating(given: Partial<GateParts> = {}) {
  const refused: string[] = []
  const gate = new Gate({
    limits,
    bans: { isBanned: () => false },
    allow: [],
    deny: [],
    count: (_, { why = '' }) => refused.push(why),
    ...given,
  })
  const events = new EventTarget()
  gate.attach(events as unknown as Libp2p)
  const comes = (host: string): Arriving | undefined => {
    const one = new Arriving(host)
    return gate.denyInboundConnection(one.connection) ? undefined : one
  }
  const opens = (one: Arriving | undefined): void => {
    if (one === undefined) throw new Error('it was not let in')
    gate.arrived(one.connection)
    const detail = { remoteAddr: one.remoteAddr, direction: 'inbound' } as unknown as Connection
    events.dispatchEvent(new CustomEvent('connection:open', { detail }))
  }
  return { refused, comes, opens }
}

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
  const peer = (number: number): PeerId =>
    peerIdFromString(peerIdOf(keyFromSecret(secretOf(number)).publicKey).toString())

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
