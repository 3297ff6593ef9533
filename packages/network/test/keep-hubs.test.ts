// How hubs are dialled and kept, by hand: connections that end in nothing, hubs that say nothing, and hubs that hang up.
import {
  type Connection,
  type IdentifyResult,
  type Libp2p,
  type PeerId,
  TypedEventEmitter,
} from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { keyFromSecret } from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
import { Denied } from '../src/libp2p/denied.ts'
import { keepHubs, ruleOf } from '../src/libp2p/keep-hubs.ts'
import { peerIdOf } from '../src/libp2p/keys.ts'
import { KnownHubs } from '../src/libp2p/known-hubs.ts'
import { secretOf } from './support/peers.ts'

const self = peerIdFromString('12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5')
const DHT = '/dht'

interface Events {
  'connection:open': CustomEvent<Connection>
  'peer:identify': CustomEvent<IdentifyResult>
  'peer:disconnect': CustomEvent<PeerId>
}

/** Peers are named by a byte. */
function keeping({ hubs = 1, isRelayed = false, doesAnswer = true }) {
  const waits: { milliseconds: number; end: () => void }[] = []
  const time = {
    wait: (milliseconds: number) => new Promise<void>((end) => waits.push({ milliseconds, end })),
  }
  const known = new KnownHubs({
    subnetsShare: true,
    denied: new Denied([]),
    isFriend: () => false,
    firstBackoffMs: 1000,
    longestBackoffMs: 60_000,
    random: () => 0,
    wait: time.wait,
    count: undefined,
  })
  const events = new TypedEventEmitter<Events>()
  const connections: Connection[] = []
  const dialled: string[] = []
  const dial = async (to: unknown): Promise<Connection> => {
    const peer = /p2p\/([^/,]+)/.exec(String(to))?.[1] ?? ''
    // As many as there is patience for.
    if (dialled.push(peer) > 50) return new Promise(() => undefined)
    const connection = {
      remotePeer: peerIdFromString(peer),
      remoteAddr: multiaddr('/ip4/11.0.0.1/tcp/1'),
      direction: 'outbound',
      status: 'open',
      limits: isRelayed ? {} : undefined,
    } as unknown as Connection
    connections.push(connection)
    events.dispatchEvent(new CustomEvent('connection:open', { detail: connection }))
    return connection
  }
  const libp2p = {
    peerId: self,
    getConnections: () => connections.filter(({ status }) => status === 'open'),
    dial,
    addEventListener: events.addEventListener.bind(events),
    removeEventListener: events.removeEventListener.bind(events),
  } as unknown as Libp2p
  const stopping = new AbortController()
  const running = keepHubs({
    libp2p,
    known,
    rule: ruleOf('home', hubs),
    answered: () => doesAnswer,
    dht: DHT,
    ports: { time, random: () => 0 },
    stopping: stopping.signal,
  })
  const settle = (): Promise<void> => new Promise((next) => setImmediate(next))
  return {
    known,
    dialled,
    settle,
    /** The first that waits for so long need not wait on. */
    passes: async (milliseconds: number): Promise<void> => {
      const at = waits.findIndex((one) => one.milliseconds === milliseconds)
      expect(at).toBeGreaterThanOrEqual(0)
      waits.splice(at, 1)[0]?.end()
      await settle()
    },
    identify: (): void => {
      const connection = connections.at(-1)
      events.dispatchEvent(
        new CustomEvent('peer:identify', {
          detail: { connection, protocols: [DHT] } as unknown as IdentifyResult,
        }),
      )
    },
    hangUp: async (): Promise<void> => {
      const last = connections.at(-1)
      if (last === undefined) throw new Error('nobody is connected')
      Object.assign(last, { status: 'closed' })
      events.dispatchEvent(new CustomEvent('peer:disconnect', { detail: last.remotePeer }))
      await settle()
    },
    end: async (): Promise<void> => {
      stopping.abort()
      await running
    },
  }
}

const peer = (byte: number): string => peerIdOf(keyFromSecret(secretOf(byte)).publicKey).toString()

describe('a home that dials hubs', () => {
  it('lets one rest that only a relay reaches', async () => {
    const { known, dialled, settle, end } = keeping({ isRelayed: true })
    known.add(peer(1), [multiaddr('/ip4/11.0.0.1/tcp/1')], 'dht')
    await settle()
    expect([dialled, known.get(peer(1))?.rests]).toEqual([[peer(1)], true])
    await end()
  })

  it('looks on when one does not say within ten seconds what it answers', async () => {
    const { known, dialled, settle, passes, end } = keeping({ doesAnswer: false })
    for (const byte of [1, 2]) known.add(peer(byte), [multiaddr(`/ip4/1${byte}.0.0.1/tcp/1`)], 'dht')
    await settle()
    expect(dialled.length).toBe(1)
    await passes(10_000)
    expect(dialled.length).toBe(2)
    await end()
  })

  it('lets one rest for longer each time that identifies itself and hangs up, until a connection lasts', async () => {
    const { known, dialled, settle, passes, identify, hangUp, end } = keeping({})
    known.add(peer(1), [multiaddr('/ip4/11.0.0.1/tcp/1')], 'gossip')
    await settle()
    for (const pause of [1000, 2000, 4000, 8000]) {
      identify()
      await hangUp()
      await passes(pause)
    }
    // Those of connections that did not last.
    for (let i = 0; i < 4; i++) await passes(60_000)
    expect([dialled.length, known.get(peer(1))?.failed]).toEqual([5, 4])
    await passes(60_000)
    expect(known.get(peer(1))?.failed).toBe(0)
    await end()
  })
})
