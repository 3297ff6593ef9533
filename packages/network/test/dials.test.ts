// Whom a peer dials, and where: by hand, and in a public network in which a stranger tells libp2p of addresses.
import { createServer } from 'node:net'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify } from '@libp2p/identify'
import type { Connection, MultiaddrResolveOptions, PeerId } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { protocols } from '@piecework/network'
import { createLibp2p } from 'libp2p'
import { describe, expect, it } from 'vitest'
import { Denied } from '../src/libp2p/denied.ts'
import { Dials } from '../src/libp2p/dials.ts'
import { KnownHubs } from '../src/libp2p/known-hubs.ts'
import { Names } from '../src/libp2p/names.ts'
import { type NetworkOptions, SHARDS } from '../src/libp2p/options.ts'
import { codeOf, knows } from './support/contract.ts'
import { NETWORK_ID, peer } from './support/peers.ts'
import { Libp2pWorld } from './support/worlds.ts'

interface Given {
  readonly preset?: NetworkOptions['preset']
  readonly deny?: readonly string[]
  readonly banned?: PeerId
  readonly connected?: PeerId
}

function dialling({ preset = 'public', deny = [], banned, connected }: Given = {}) {
  const denied = new Denied(deny)
  const known = new KnownHubs({
    subnetsShare: true,
    denied,
    isFriend: () => false,
    firstBackoffMs: 1,
    longestBackoffMs: 1,
    random: () => 0,
    wait: () => new Promise(() => undefined),
    count: undefined,
  })
  const bans = { isBanned: (name: string) => name === banned?.toString() }
  const dials = new Dials({ preset, denied, bans, known })
  dials.attach({
    getConnections: (one?: PeerId) =>
      one !== undefined && connected?.equals(one) === true ? [{} as unknown as Connection] : [],
  })
  return { known, dials, dialled: (address: string) => !dials.denyAddress(multiaddr(address)) }
}

const at = (address: string, number = 1): string => `${address}/p2p/${peer(number)}`
const relayed = (address: string, relay = 2): string => `${at(address, relay)}/p2p-circuit/p2p/${peer(1)}`

const OPEN = ['/ip4/11.0.0.1/tcp/1', '/ip4/11.0.0.1/tcp/1/ws', '/ip6/2600::1/tcp/1']
const WALLED = [
  '/ip4/192.168.1.1/tcp/1',
  '/ip4/127.0.0.1/tcp/1/ws',
  '/ip4/0.0.0.0/tcp/1',
  '/ip6/::1/tcp/1',
  '/ip6/fd00::1/tcp/1',
  // 192.168.1.1 and 127.0.0.1, in forms of IPv6.
  '/ip6/::ffff:c0a8:101/tcp/1',
  '/ip6/64:ff9b::7f00:1/tcp/1',
  '/dns4/example.org/tcp/1',
  '/dns/localhost/tcp/1',
  // A name can say anything, and ends no other dial.
  '/dns4/p2p-circuit.example/tcp/1',
]

describe('in a public network', () => {
  it.each(OPEN)('%s is dialled, whoever told of it', (address) => {
    const { dialled } = dialling()
    // AutoNAT names no peer.
    expect([dialled(at(address)), dialled(address), dialled(relayed(address))]).toEqual([true, true, true])
  })

  it.each(WALLED)('%s is dialled for the hub alone that is known to be there', (address) => {
    const { known, dialled } = dialling()
    const other = at(address.replace('tcp/1', 'tcp/2'))
    expect([dialled(at(address)), dialled(address)]).toEqual([false, false])
    known.add(peer(1).toString(), [multiaddr(at(address))], 'bootstrap')
    known.add(peer(3).toString(), [multiaddr(address)], 'bootstrap')
    // Of libp2p's questions some name no peer.
    expect([dialled(at(address)), dialled(at(address, 3)), dialled(address)]).toEqual([true, true, true])
    expect([dialled(at(address, 2)), dialled(other)]).toEqual([false, false])
  })

  it('a relay is dialled where it could be without it, and one that is here is not dialled again', () => {
    const [inside = ''] = WALLED
    const { known, dialled } = dialling({ connected: peer(3) })
    expect([dialled(relayed(inside)), dialled(relayed(inside, 3))]).toEqual([false, true])
    // It is dialled itself, whoever is here.
    expect(dialled(at(inside, 3))).toBe(false)
    known.add(peer(2).toString(), [multiaddr(inside)], 'bootstrap')
    expect([dialled(relayed(inside)), dialled(relayed(inside, 4))]).toEqual([true, false])
  })

  it('names are looked up for the config alone', async () => {
    const { known, dials } = dialling()
    const asked: string[] = []
    const query = async (name: string): Promise<unknown> => {
      asked.push(name)
      return { Answer: [] }
    }
    const options = { dns: { query } } as unknown as MultiaddrResolveOptions
    for (const name of ['known', 'told'])
      expect(dials.resolver.canResolve(multiaddr(`/dnsaddr/${name}.example`))).toBe(true)
    known.add(peer(1).toString(), [multiaddr(at('/dnsaddr/known.example'))], 'bootstrap')
    for (const name of ['known', 'told'])
      await dials.resolver.resolve(multiaddr(at(`/dnsaddr/${name}.example`)), options)
    // From where libp2p remembers it, it comes without its peer.
    for (const name of ['known', 'told'])
      await dials.resolver.resolve(multiaddr(`/dnsaddr/${name}.example`), options)
    expect(asked).toEqual(['_dnsaddr.known.example', '_dnsaddr.known.example'])
  })
})

describe('in a local network', () => {
  it.each([...OPEN, ...WALLED])('%s is dialled', (address) => {
    const { dialled } = dialling({ preset: 'local' })
    expect([dialled(at(address)), dialled(relayed(address))]).toEqual([true, true])
  })
})

describe('who is denied', () => {
  it.each(['local', 'public'] as const)('is not dialled in a %s network', (preset) => {
    const deny = [`/p2p/${peer(2)}`, '/ip4/12.0.0.0/ipcidr/8']
    const { dials, dialled } = dialling({ preset, deny, banned: peer(3), connected: peer(4) })
    expect([2, 3, 4].map((number) => dials.denyPeer(peer(number)))).toEqual([true, true, false])
    const [denied, open] = ['/ip4/12.0.0.1/tcp/1', '/ip4/11.0.0.1/tcp/1']
    expect([dialled(at(denied)), dialled(denied), dialled(at(open))]).toEqual([false, false, true])
    // Nor relays: one that is here by another address neither.
    expect([dialled(relayed(denied, 4)), dialled(relayed(open, 2)), dialled(relayed(open, 4))]).toEqual([
      false,
      false,
      true,
    ])
  })

  it('is no known hub, whoever names it, and none is known where addresses are denied', () => {
    const { known } = dialling({ deny: ['/p2p/denied', '/ip4/12.0.0.0/ipcidr/8'] })
    const [denied, open] = [multiaddr('/ip4/12.0.0.1/tcp/1'), multiaddr('/ip4/11.0.0.1/tcp/1')]
    for (const source of ['bootstrap', 'met', 'gossip', 'dht', 'lan'] as const) {
      expect(known.add('denied', [open], source)).toBe(false)
      expect(known.add('other', [denied], source)).toBe(false)
    }
    expect(known.all()).toEqual([])
    expect(known.add('other', [denied, open], 'gossip')).toBe(true)
    expect(known.get('other')?.addresses).toEqual([open])
  })
})

describe('a stranger that says to be in the local network', () => {
  /** How many dial a port of this machine while a hub asks who said to be there. */
  const dialsOf = async (preset: NetworkOptions['preset']): Promise<number> => {
    const world = new Libp2pWorld()
    let dials = 0
    const server = createServer((socket) => {
      dials++
      socket.destroy()
    })
    try {
      await new Promise<void>((listens) => server.listen(0, '127.0.0.1', listens))
      const address = server.address()
      const port = typeof address === 'object' ? address?.port : undefined
      const hub = await world.make({ role: 'hub', listen: ['/ip4/127.0.0.1/tcp/0'], preset })
      const names = new Names(NETWORK_ID, SHARDS)
      const stranger = await createLibp2p({
        addresses: { announce: [`/ip4/127.0.0.1/tcp/${port}`] },
        transports: [tcp()],
        connectionEncrypters: [noise()],
        streamMuxers: [yamux()],
        services: { identify: identify({ protocolPrefix: names.prefix }) },
      })
      const key = stranger.peerId.publicKey?.raw ?? new Uint8Array()
      // Shows once it has said what it says of itself.
      await stranger.handle(names.protocol('work'), (stream) => stream.abort(new Error('not now')))
      await stranger.dial(multiaddr(hub.addresses()[0]))
      await knows(hub, key, ['work'])
      await stranger.stop()
      await expect.poll(() => hub.peers().length).toBe(0)
      expect(await codeOf(hub.ask(protocols.work, { epoch: 1, nodeKey: hub.self }, key))).toBe(
        'network/unreachable',
      )
      return dials
    } finally {
      server.close()
      await world.end()
    }
  }

  it('is dialled there in a local network, and not in a public one', async () => {
    expect(await dialsOf('local')).toBeGreaterThan(0)
    expect(await dialsOf('public')).toBe(0)
  })
})
