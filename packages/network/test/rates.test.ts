// How much one peer may ask, and bring in vain: counted by hand, and with real floods.
import { getEventListeners } from 'node:events'
import type { Libp2p, PeerId } from '@libp2p/interface'
import { type Network, protocols } from '@piecework/network'
import { equalBytes, keyFromSecret } from '@piecework/protocol'
import { messagesFrame, RawPeer } from '@piecework/testkit/raw-peer'
import { raceSignal } from 'race-signal'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Asker } from '../src/libp2p/asker.ts'
import { Names } from '../src/libp2p/names.ts'
import { Rates } from '../src/libp2p/rates.ts'
import { codeOf, knows } from './support/contract.ts'
import { NETWORK_ID, secretOf } from './support/peers.ts'
import { Libp2pWorld } from './support/worlds.ts'

const names = new Names(NETWORK_ID, 8)

describe('rates', () => {
  function rating() {
    const ticks: (() => void)[] = []
    const stopping = new AbortController()
    const rates = new Rates({
      time: { wait: () => new Promise((end) => ticks.push(end)) },
      stopping: stopping.signal,
      rateOf: (name) => (name === 'friend' ? { burst: 8, perSecond: 4 } : { burst: 3, perSecond: 0.5 }),
    })
    const most = (name: string): number => {
      let count = 0
      while (rates.take(name)) count++
      return count
    }
    const second = async (): Promise<void> => {
      ticks.shift()?.()
      await new Promise((next) => setImmediate(next))
    }
    return { rates, ticks, stopping, most, second }
  }

  it('give some at once and then so much a second, to each of its own', async () => {
    const { most, second } = rating()
    expect([most('a'), most('b'), most('friend')]).toEqual([3, 3, 8])
    await second()
    expect([most('a'), most('friend')]).toEqual([0, 4])
    await second()
    expect([most('a'), most('friend')]).toEqual([1, 4])
  })

  it('run no timer for who has spent nothing', async () => {
    const { rates, ticks, second } = rating()
    expect(ticks.length).toBe(0)
    rates.take('friend')
    expect(ticks.length).toBe(1)
    await second()
    expect(ticks.length).toBe(0)
  })

  it('are waited for until the signal is aborted, or all stops', async () => {
    const { rates, most, second, stopping } = rating()
    most('friend')
    const waiting = rates.wait('friend', new AbortController().signal)
    await second()
    expect(await waiting).toBe(true)
    most('friend')
    const over = new AbortController()
    const late = rates.wait('friend', over.signal)
    over.abort()
    expect(await late).toBe(false)
    stopping.abort()
    expect(await rates.wait('friend', new AbortController().signal)).toBe(false)
  })
})

describe('waiting for a rate', () => {
  it('leaves nothing behind at the signal', async () => {
    const ticks: (() => void)[] = []
    const rates = new Rates({
      time: { wait: () => new Promise((end) => ticks.push(end)) },
      stopping: new AbortController().signal,
      rateOf: () => ({ burst: 1, perSecond: 1 / 64 }),
    })
    rates.take('a')
    const { signal } = new AbortController()
    const waiting = rates.wait('a', signal)
    for (let i = 0; i < 64; i++) {
      ticks.shift()?.()
      await new Promise((next) => setImmediate(next))
      expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(1)
    }
    expect(await waiting).toBe(true)
  })
})

describe('own questions', () => {
  it('that wait for the rate of some peers hold up none to others', async () => {
    const dialled: string[] = []
    const dialProtocol = (peer: PeerId): Promise<never> => {
      dialled.push(peer.toString())
      return Promise.reject(new Error('nobody is there'))
    }
    const asker = new Asker({
      libp2p: { dialProtocol } as unknown as Libp2p,
      names,
      known: { get: () => undefined },
      ports: { time: { wait: () => new Promise(() => undefined) }, random: () => 0 },
      stopping: new AbortController().signal,
      isFriend: () => false,
      areFriends: () => false,
    })
    const keys = Array.from({ length: 9 }, (_, i) => keyFromSecret(secretOf(i)).publicKey)
    const ask = (peer: Uint8Array): Promise<unknown> =>
      codeOf(asker.ask(protocols.work, { epoch: 7, nodeKey: peer }, peer))
    const [last, ...others] = keys
    if (last === undefined) throw new Error('there are nine')
    for (const peer of others)
      await Promise.all(
        Array.from({ length: 256 }, async () => expect(await ask(peer)).toBe('network/unreachable')),
      )
    for (const peer of others) for (let i = 0; i < 16; i++) void ask(peer)
    expect(await ask(last)).toBe('network/unreachable')
    expect(dialled.length).toBe(8 * 256 + 1)
  })
})

describe('own questions to who says nothing', () => {
  /** Of a peer that is dialled in vain, until nobody waits for it. */
  function silence() {
    const dialled: string[] = []
    const dialProtocol = (peer: PeerId, _: string, { signal }: { signal: AbortSignal }): Promise<never> => {
      dialled.push(peer.toString())
      return raceSignal(new Promise<never>(() => undefined), signal)
    }
    const friend = keyFromSecret(secretOf(99)).publicKey
    const asker = new Asker({
      libp2p: { dialProtocol, getConnections: () => [] } as unknown as Libp2p,
      names,
      known: { get: () => undefined },
      ports: { time: { wait: () => new Promise(() => undefined) }, random: () => 0 },
      stopping: new AbortController().signal,
      isFriend: (key) => equalBytes(key, friend),
      areFriends: () => false,
    })
    const ask = (to: Uint8Array, { signal } = new AbortController()): Promise<unknown> =>
      codeOf(asker.ask(protocols.work, { epoch: 7, nodeKey: friend }, { peer: to, signal }))
    const settle = (): Promise<void> => new Promise((next) => setImmediate(next))
    return { dialled, friend, ask, settle }
  }

  it('leave places for friends', async () => {
    const { dialled, friend, ask, settle } = silence()
    for (let i = 0; i < 128; i++) void ask(keyFromSecret(secretOf(100 + i)).publicKey)
    await settle()
    expect(dialled.length).toBe(96)
    void ask(friend)
    await settle()
    expect(dialled.length).toBe(97)
  })

  it('wait for their turn, 4,096 of them and no more, while others are asked', async () => {
    const { dialled, friend, ask, settle } = silence()
    const [silent, other] = [secretOf(100), secretOf(101)].map((secret) => keyFromSecret(secret).publicKey)
    if (silent === undefined || other === undefined) throw new Error('there are two')
    // Sixteen have a place, 240 wait for one, and the rest for their rate.
    for (let i = 0; i < 16 + 4096; i++) void ask(silent)
    expect(await ask(silent)).toBe('network/busy')
    for (const key of [other, friend]) void ask(key)
    await settle()
    expect(dialled.length).toBe(16 + 2)
  })

  it('give their places back when nobody waits for them', async () => {
    const { dialled, friend, ask, settle } = silence()
    const over = new AbortController()
    const given = Array.from({ length: 16 }, () => ask(friend, over))
    void ask(friend)
    await settle()
    expect(dialled.length).toBe(16)
    over.abort()
    expect(new Set(await Promise.all(given))).toEqual(new Set(['network/given-up']))
    await settle()
    expect(dialled.length).toBe(17)
  })
})

describe('a hub that is flooded', () => {
  let world: Libp2pWorld
  let raw: RawPeer
  let counted: Map<string, number>
  const seen = (what: string): number => counted.get(what) ?? 0
  const count = (name: string, labels: Readonly<Record<string, string>>): void => {
    const what = [name, ...Object.values(labels)].join(' ')
    counted.set(what, seen(what) + 1)
  }
  const hubOf = async (options: { readonly allow?: readonly string[] } = {}): Promise<Network> =>
    world.make({ role: 'hub', listen: ['/ip4/127.0.0.1/tcp/0'], bootstrap: [], ...options }, { count })
  const dial = async (hub: Network): Promise<void> => {
    raw = await RawPeer.dial({ address: hub.addresses()[0] ?? '', prefix: names.prefix, dht: names.dht })
    await knows(hub, raw.key)
  }

  beforeEach(() => {
    world = new Libp2pWorld()
    counted = new Map()
  })
  afterEach(async () => {
    await raw.stop()
    await world.end()
  })

  it('with questions says that it is busy, and answers others', async () => {
    const hub = await hubOf()
    hub.answer(protocols.work, ({ epoch }) => Promise.resolve({ node: epoch, tasks: [] }))
    await dial(hub)
    const question = Uint8Array.of(40, ...new Array<number>(43).fill(0))
    const replies = new Set<string>()
    while (!replies.has('busy')) {
      const eight = Array.from({ length: 8 }, () => raw.talk(names.protocol('work'), question))
      for (const { what } of await Promise.all(eight)) replies.add(what)
    }
    expect([...replies]).toEqual(['answered', 'busy'])
    expect(seen('network_answered_total work answered')).toBeGreaterThanOrEqual(512)
    expect(seen('network_over_rate_total question')).toBeGreaterThan(0)
    const home = await world.make({ role: 'home', listen: [], bootstrap: hub.addresses() })
    await knows(home, hub.self, ['work'])
    const asking = home.ask(protocols.work, { epoch: 7, nodeKey: home.self }, hub.self)
    expect(await codeOf(asking)).toBe('no error')
  })

  it('with messages in vain looks at no more of them, bans nobody, and hears others', async () => {
    const hub = await hubOf()
    let judged = 0
    const { promise: heard, resolve } = Promise.withResolvers<Uint8Array>()
    hub.subscribe('enrolments', async ({ bytes, from }) => {
      judged++
      if (bytes[0] === 1) resolve(from)
      return bytes[0] === 1 ? 'sound' : 'unknown-node'
    })
    await dial(hub)
    const [topic = ''] = names.topics('enrolments')
    const stream = await raw.gossip()
    for (let frame = 0; seen('network_over_rate_total message') === 0; frame++) {
      const messages = Array.from({ length: 64 }, (_, i) => ({
        topic,
        data: Uint8Array.of(0, i, frame & 255, frame >> 8),
      }))
      await stream.send(messagesFrame(messages))
      await new Promise((next) => setImmediate(next))
    }
    expect(judged).toBeGreaterThanOrEqual(1024)
    expect(seen('network_banned_total')).toBe(0)
    expect(seen('network_messages_total enrolments busy')).toBeGreaterThan(0)
    const home = await world.make({ role: 'home', listen: [], bootstrap: hub.addresses() })
    await home.publish('enrolments', Uint8Array.of(1))
    expect(await heard).toEqual(home.self)
    expect(hub.peers().some(({ key }) => key.join() === raw.key.join())).toBe(true)
  })
})
