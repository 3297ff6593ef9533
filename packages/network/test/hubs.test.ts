// Which hubs a peer keeps: the rule, what it knows, and real connections at addresses of several subnets.

import { multiaddr } from '@multiformats/multiaddr'
import { type Network, protocols } from '@piecework/network'
import { toHex } from '@piecework/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Denied } from '../src/libp2p/denied.ts'
import { type Kept, nextHubs, ruleOf } from '../src/libp2p/keep-hubs.ts'
import { type Hub, KnownHubs, type Source } from '../src/libp2p/known-hubs.ts'
import { subnetOf } from '../src/libp2p/subnets.ts'
import { listener } from './support/contract.ts'
import { Libp2pWorld } from './support/worlds.ts'

const hub = (peer: string, subnet: string, source: Source = 'dht'): Hub => ({
  peer,
  source,
  addresses: [],
  subnet,
  failed: 0,
  rests: false,
})
const [a, b, c, d] = [hub('a', 'one', 'bootstrap'), hub('b', 'one'), hub('c', 'two'), hub('d', 'three')]
const lookedAt = (kept: readonly Hub[], free: readonly Hub[], lacks = false): Kept => ({ kept, free, lacks })

describe('a home', () => {
  const rule = ruleOf('home', 3)
  const next = (looked: Kept): string =>
    nextHubs(looked, rule)
      .map(({ peer }) => peer)
      .join()

  it('begins with one of its config', () => {
    expect(next(lookedAt([], [b, a, c, d]))).toBe('a')
    expect(next(lookedAt([c, d, b], [a]))).toBe('a')
    expect(next(lookedAt([], [b, c]))).toBe('b,c')
  })

  it('takes hubs of other subnets before others, until it has three', () => {
    expect(next(lookedAt([a], [b, c, d]))).toBe('c,d')
    expect(next(lookedAt([a], [b]))).toBe('b')
    expect(next(lookedAt([a, c, d], [b]))).toBe('')
  })

  it('takes more of them when those it has are of fewer than three subnets', () => {
    const alike = hub('e', 'one')
    expect(next(lookedAt([a, b, alike], [c]))).toBe('c')
    expect(next(lookedAt([a, b, alike], [hub('f', 'one')]))).toBe('')
  })

  it('takes more while something it needs is answered by none, up to eight', () => {
    const many = Array.from({ length: 8 }, (_, i) => hub(`${i}`, `subnet ${i}`, 'bootstrap'))
    expect(next(lookedAt(many.slice(0, 3), [c], true))).toBe('c')
    expect(next(lookedAt(many, [c], true))).toBe('')
  })
})

describe('a hub', () => {
  it('keeps all of its config, and others until it has 32', () => {
    const rule = ruleOf('hub', 3)
    const many = Array.from({ length: 32 }, (_, i) => hub(`${i}`, `subnet ${i}`))
    expect(nextHubs(lookedAt(many, [a, c]), rule)).toEqual([a])
    expect(nextHubs(lookedAt(many, [c]), rule)).toEqual([])
    expect(nextHubs(lookedAt(many.slice(1), [c]), rule)).toEqual([c])
  })
})

describe('known hubs', () => {
  function knowing(subnetsShare = true) {
    const waits: { milliseconds: number; end: () => void }[] = []
    const events: string[] = []
    const known = new KnownHubs({
      subnetsShare,
      denied: new Denied([]),
      isFriend: (peer) => peer.startsWith('friend'),
      firstBackoffMs: 1000,
      longestBackoffMs: 60_000,
      random: () => 0,
      wait: (milliseconds) => new Promise((end) => waits.push({ milliseconds, end })),
      count: (_, { source, event }) => events.push(`${source} ${event}`),
    })
    const passes = async (): Promise<number | undefined> => {
      const first = waits.shift()
      first?.end()
      await Promise.resolve()
      await Promise.resolve()
      return first?.milliseconds
    }
    return { known, events, passes }
  }
  const at = (host: string) => [multiaddr(`/ip4/${host}/tcp/1`)]

  it('rest for longer each time, and are forgotten when they are away for long', async () => {
    const { known, events, passes } = knowing()
    known.add('a', at('11.0.0.1'), 'gossip')
    known.add('b', at('12.0.0.1'), 'bootstrap')
    const pauses: unknown[] = []
    for (let i = 0; i < 10; i++) {
      known.failed('a')
      expect(known.get('a')?.rests).toBe(true)
      pauses.push(await passes())
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 3600].map((seconds) => 1000 * seconds))
    expect([known.get('a'), events.at(-1)]).toEqual([undefined, 'gossip gone'])
    for (let i = 0; i < 20; i++) known.failed('b')
    for (let i = 0; i < 20; i++) expect(await passes()).toBeLessThanOrEqual(60_000)
    expect(known.get('b')).toMatchObject({ failed: 20, rests: false })
    known.reached('b')
    expect(known.get('b')?.failed).toBe(0)
  })

  it('that were away for long are tried again when they say that they are back', async () => {
    const { known, passes } = knowing()
    known.add('a', at('11.0.0.1'), 'gossip')
    for (let i = 0; i < 10; i++) known.failed('a')
    known.add('a', at('11.0.0.1'), 'dht')
    expect(known.get('a')?.rests).toBe(true)
    known.add('a', at('11.0.0.2'), 'gossip')
    expect(known.get('a')).toMatchObject({ failed: 0, rests: false })
    for (let i = 0; i < 10; i++) await passes()
    expect(known.get('a')?.peer).toBe('a')
  })

  it('of one subnet are four, but for those of the config, and friends at one address', () => {
    const { known, events } = knowing()
    const added = (of: KnownHubs, source: Source): boolean[] =>
      Array.from({ length: 6 }, (_, i) => of.add(`${source} ${i}`, at(`11.0.0.${i}`), source))
    expect(added(known, 'gossip')).toEqual([true, true, true, true, false, false])
    expect(events.at(-1)).toBe('gossip refused')
    expect(added(known, 'bootstrap')).toEqual([true, true, true, true, true, true])
    expect(added(knowing(false).known, 'dht')).toEqual([true, true, true, true, true, true])
  })

  it('are 256: whoever tells of more moves out what failed, and never the config or who was met', () => {
    const { known } = knowing(false)
    known.add('config', at('11.0.0.1'), 'bootstrap')
    known.add('met', at('11.0.0.2'), 'met')
    known.add('failing', at('11.0.0.3'), 'dht')
    known.failed('failing')
    for (let i = 0; i < 254; i++) known.add(`told ${i}`, at('11.0.0.4'), 'gossip')
    expect([known.all().length, known.get('failing')]).toEqual([256, undefined])
    for (let i = 0; i < 1000; i++) known.add(`more ${i}`, at('11.0.0.5'), 'gossip')
    expect([known.all().length, known.get('config')?.peer, known.get('met')?.peer]).toEqual([
      256,
      'config',
      'met',
    ])
  })

  it('are where the config, a dial or their own word says, and not where others do', () => {
    const { known } = knowing()
    const where = (peer: string): string | undefined => known.get(peer)?.subnet
    const dialled = (peer: string): string | undefined => known.get(peer)?.addresses.join()
    known.add('a', at('11.0.0.1'), 'gossip')
    known.add('a', at('12.0.0.1'), 'dht')
    expect(where('a')).toBe('11.0.0.0/24')
    known.add('a', at('13.0.0.1'), 'met')
    known.add('a', at('14.0.0.1'), 'gossip')
    // Where it was met it is until it is met elsewhere, wherever it says to dial it.
    expect([known.get('a')?.source, where('a'), dialled('a')]).toEqual([
      'met',
      '13.0.0.0/24',
      '/ip4/14.0.0.1/tcp/1',
    ])
    known.add('b', at('11.0.0.1'), 'bootstrap')
    known.add('b', at('12.0.0.1'), 'bootstrap')
    known.add('b', at('13.0.0.1'), 'gossip')
    expect([where('b'), dialled('b')]).toEqual(['11.0.0.0/24', '/ip4/11.0.0.1/tcp/1,/ip4/12.0.0.1/tcp/1'])
  })

  it('have no place where many are, wherever they were said to be first', () => {
    const { known } = knowing()
    const all = Array.from({ length: 70 }, (_, i) => `hub ${i}`)
    all.forEach((peer, i) => {
      expect(known.add(peer, at(`12.0.${i}.1`), 'gossip')).toBe(true)
    })
    const move = all.map((peer) => known.add(peer, at('11.0.0.1'), 'gossip'))
    expect(move.filter((moved) => moved).length).toBe(4)
    expect(known.get('hub 5')?.subnet).toBe('12.0.5.0/24')
    // It is there, whatever was said.
    expect(known.add('hub 5', at('11.0.0.1'), 'met')).toBe(false)
    expect(known.get('hub 5')).toBe(undefined)
    expect(known.add('friend', at('11.0.0.1'), 'gossip')).toBe(true)
  })

  it('have one place each, at the first address that has one, and none without', () => {
    const { known } = knowing()
    const [one, other, name] = ['/ip4/11.0.0.1/tcp/1', '/ip4/12.0.0.1/tcp/1', '/dns4/example.org/tcp/1'].map(
      (text) => multiaddr(text),
    )
    if (one === undefined || other === undefined || name === undefined) throw new Error('there are three')
    for (let i = 0; i < 4; i++) expect(known.add(`a${i}`, [name, one, other], 'gossip')).toBe(true)
    expect(known.add('b', [other], 'gossip')).toBe(true)
    expect(known.add('c', [name], 'gossip')).toBe(false)
    expect(known.add('d', [], 'dht')).toBe(false)
    expect(known.add('e', [name], 'bootstrap')).toBe(true)
    expect(known.get('e')?.subnet).toBe('example.org')
  })

  it('that were met are kept while they are here', () => {
    const { known } = knowing(false)
    known.add('met', at('11.0.0.2'), 'met')
    known.failed('met')
    for (let i = 0; i < 256; i++) known.add(`told ${i}`, at('11.0.0.4'), 'gossip')
    expect([known.all().length, known.get('met')]).toEqual([256, undefined])
  })
})

describe('a home among hubs of several subnets', () => {
  let world: Libp2pWorld
  beforeEach(() => {
    world = new Libp2pWorld()
  })
  afterEach(() => world.end())

  const HOSTS = ['127.1.1.1', '127.1.1.2', '127.2.2.2', '127.3.3.3']

  async function hubs(): Promise<Network[]> {
    const all: Network[] = []
    for (const host of HOSTS) {
      const bootstrap = all.flatMap((one) => one.addresses())
      all.push(await world.make({ role: 'hub', listen: [`/ip4/${host}/tcp/0`], bootstrap }))
    }
    return all
  }

  const subnets = (home: Network): string[] =>
    home
      .peers()
      .flatMap(({ addresses }) => addresses.map((one) => subnetOf(multiaddr(one)) ?? one))
      .sort()

  /** Looks at each that comes until it is so. */
  async function until(home: Network, isSo: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const end = home.onPeer(() => {
      if (isSo()) resolve()
    })
    await promise
    end()
  }

  const threeSubnets = ['127.1.1.0/24', '127.2.2.0/24', '127.3.3.0/24']

  it('keeps three of different subnets, replaces one that dies, and what it publishes arrives', async () => {
    const all = await hubs()
    const boxes = all.map((one) => listener(one))
    const bootstrap = all.flatMap((one) => one.addresses())
    const home = await world.make({ role: 'home', listen: [], bootstrap, hubs: 3 })
    await until(home, () => home.peers().length === 3)
    expect(subnets(home)).toEqual(threeSubnets)
    const [first, second, dying, last] = all
    if (first === undefined || second === undefined || dying === undefined || last === undefined)
      throw new Error('there are four')
    await dying.stop()
    const names = (): string[] => home.peers().map(({ key }) => toHex(key))
    const left = [first, second, last].map(({ self }) => toHex(self)).sort()
    await until(home, () => names().sort().join() === left.join())
    await home.publish('enrolments', new TextEncoder().encode('after it died'))
    const heard = await Promise.all([boxes[0], boxes[1], boxes[3]].map((box) => box?.next()))
    expect(heard.map((one) => new TextDecoder().decode(one?.bytes))).toEqual(
      new Array(3).fill('after it died'),
    )
  })

  it('finds those that its config does not name', async () => {
    const [first] = await hubs()
    const home = await world.make({ role: 'home', listen: [], bootstrap: first?.addresses() ?? [], hubs: 3 })
    await until(home, () => new Set(subnets(home)).size === 3)
    expect(home.peers().some(({ key }) => toHex(key) === toHex(first?.self ?? home.self))).toBe(true)
  })

  it('asks those that it knows and does not keep, and needs no DHT for it', async () => {
    const alone: Network[] = []
    // None knows another.
    for (let i = 0; i < 6; i++)
      alone.push(await world.make({ role: 'hub', listen: [`/ip4/127.${i}.1.1/tcp/0`], bootstrap: [] }))
    for (const one of alone)
      one.answer(protocols.work, ({ epoch }) => Promise.resolve({ node: epoch, tasks: [] }))
    const bootstrap = alone.flatMap((one) => one.addresses())
    const home = await world.make({ role: 'home', listen: [], bootstrap, hubs: 3 })
    await until(home, () => home.peers().length === 3)
    for (const one of alone)
      expect(await home.ask(protocols.work, { epoch: 7, nodeKey: home.self }, one.self)).toMatchObject({
        node: 7,
      })
  })

  it('looks on while none of them answers what it needs', async () => {
    const all = await hubs()
    const bootstrap = all.flatMap((one) => one.addresses())
    const home = await world.make({ role: 'home', listen: [], bootstrap, hubs: 1, wants: ['relay'] })
    await until(home, () => home.peers().length === HOSTS.length)
  })
})
