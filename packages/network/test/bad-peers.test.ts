// Peers that do not keep to the rules, over real connections.
import type { Network, RuleId } from '@piecework/network'
import { GOSSIP_BYTES, NetworkError, protocols } from '@piecework/network'
import { keyFromSecret, toBase58 } from '@piecework/protocol'
import { RawPeer } from '@piecework/testkit/raw-peer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Names } from '../src/libp2p/names.ts'
import type { CountName } from '../src/libp2p.ts'
import { libp2pNetwork, type NetworkOptions } from '../src/libp2p.ts'
import { codeOf, knows } from './support/contract.ts'
import { Mailbox } from './support/mailbox.ts'
import { NETWORK_ID, portsOf, secretOf } from './support/peers.ts'
import { Libp2pWorld } from './support/worlds.ts'

interface Counted {
  readonly name: CountName
  readonly labels: Readonly<Record<string, string>>
}

const hubOptions = { role: 'hub', listen: ['/ip4/127.0.0.1/tcp/0'] } as const
const names = new Names(NETWORK_ID, 8)

describe('a hub among bad peers', () => {
  let world: Libp2pWorld
  let hub: Network
  let counts: Mailbox<Counted>
  let raw: RawPeer

  beforeEach(async () => {
    world = new Libp2pWorld()
    counts = new Mailbox()
    hub = await world.make(hubOptions, { count: (name, labels) => counts.put({ name, labels }) })
    raw = await RawPeer.dial({ address: hub.addresses()[0] ?? '', prefix: names.prefix, dht: names.dht })
    await knows(hub, raw.key)
  })

  afterEach(async () => {
    await raw.stop()
    await world.end()
  })

  const outcomeOf = async (protocol: string): Promise<string | undefined> => {
    const { labels } = await counts.first(
      ({ name, labels: of }) => name === 'network_answered_total' && of['protocol'] === protocol,
    )
    return labels['outcome']
  }
  const ruleOf = async (): Promise<string | undefined> =>
    (await counts.first(({ name }) => name === 'network_messages_total')).labels['rule']

  it('refuses a question by its length, before it is sent', async () => {
    hub.answer(protocols.work, () => Promise.resolve({ node: 1, tasks: [] }))
    // A length and not one byte of what it announces: only who looks at lengths can answer.
    const reply = await raw.talk(names.protocol('work'), Uint8Array.of(255, 255, 255, 127))
    expect(reply.what).toBe('refused')
    expect(reply.sentence).toContain('send less')
    expect(await outcomeOf('work')).toBe('network/too-long')
  })

  it('refuses a question that can not be read', async () => {
    hub.answer(protocols.work, () => Promise.resolve({ node: 1, tasks: [] }))
    const reply = await raw.talk(names.protocol('work'), Uint8Array.of(3, 0, 0, 0, 1, 2, 3))
    expect(reply).toMatchObject({ what: 'refused' })
    expect(reply.sentence).toContain('not a question of work')
    expect(await outcomeOf('work')).toBe('network/malformed')
  })

  it('gives up on a peer that sends half a question', async () => {
    const slow = { ...protocols.work, timeoutMs: 50 }
    hub.answer(slow, () => Promise.resolve({ node: 1, tasks: [] }))
    const reply = await raw.talk(names.protocol('work'), Uint8Array.of(40, 0, 0, 0, 1, 2, 3))
    expect(reply).toEqual({ what: 'broken' })
    expect(await outcomeOf('work')).toBe('network/timeout')
  })

  it('gives up on an answer that does not end, as who should give it', async () => {
    hub.answer({ ...protocols.work, timeoutMs: 50 }, () => new Promise(() => undefined))
    const home = await world.make({ role: 'home', listen: [], bootstrap: hub.addresses() })
    await knows(home, hub.self, ['work'])
    const asking = home.ask(protocols.work, { epoch: 1, nodeKey: home.self }, hub.self)
    expect(await codeOf(asking)).toBe('network/unreachable')
    expect(await outcomeOf('work')).toBe('network/timeout')
  })

  it('gives up on an answer that does not end, as who asked', async () => {
    await raw.answer(names.protocol('work'), new Uint8Array(0), { isOpen: true })
    const asking = hub.ask({ ...protocols.work, timeoutMs: 50 }, { epoch: 1, nodeKey: hub.self }, raw.key)
    expect(await codeOf(asking)).toBe('network/timeout')
  })

  it('says that it is busy to a peer that asks too much at once', async () => {
    const asked = new Mailbox<() => void>()
    hub.answer(protocols.work, () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      asked.put(resolve)
      return promise.then(() => ({ node: 1, tasks: [] }))
    })
    const question = [40, 0, 0, 0, ...new Array<number>(40).fill(0)]
    const replies: Promise<unknown>[] = []
    const release: (() => void)[] = []
    for (let i = 0; i < 16; i++) {
      replies.push(raw.talk(names.protocol('work'), Uint8Array.from(question)))
      release.push(await asked.next())
    }
    expect(await raw.talk(names.protocol('work'), Uint8Array.from(question))).toEqual({ what: 'busy' })
    expect(await outcomeOf('work')).toBe('network/busy')
    for (const end of release) end()
    expect(await Promise.all(replies)).toEqual(new Array(16).fill({ what: 'answered' }))
  })

  it('does not answer what it does not know, or what belongs to another network', async () => {
    hub.answer(protocols.work, () => Promise.resolve({ node: 1, tasks: [] }))
    expect(await raw.talk(names.protocol('gossip'), Uint8Array.of(0, 0, 0, 0))).toEqual({
      what: 'unsupported',
    })
    const other = new Names(new Uint8Array(32).fill(8), 8)
    expect(await raw.talk(other.protocol('work'), Uint8Array.of(0, 0, 0, 0))).toEqual({ what: 'unsupported' })
    for (const prefix of ['ipfs', other.prefix])
      for (const name of ['id', 'id/push', 'ping'])
        expect(await raw.talk(`/${prefix}/${name}/1.0.0`, new Uint8Array(1))).toEqual({ what: 'unsupported' })

    const home = await world.make({
      role: 'home',
      listen: [],
      bootstrap: hub.addresses(),
      networkId: new Uint8Array(32).fill(8),
    })
    await knows(home, hub.self)
    const asking = home.ask(protocols.work, { epoch: 1, nodeKey: home.self }, hub.self)
    expect(await codeOf(asking)).toBe('network/unsupported')
  })

  it.each([
    ['no reply at all', [1, 0, 0, 0, 9], 'network/malformed'],
    ['an answer that is too long', [1, 0, 0, 0, 0, 255, 255, 255, 127], 'network/too-long'],
    ['an answer that can not be read', [1, 0, 0, 0, 0, 3, 0, 0, 0, 1, 2, 3], 'network/malformed'],
    ['half an answer', [1, 0, 0, 0, 0, 100, 0, 0, 0, 1], 'network/unreachable'],
    ['that it is busy', [1, 0, 0, 0, 2], 'network/busy'],
  ])('calls %s by its name', async (_, reply, code) => {
    await raw.answer(names.protocol('status'), Uint8Array.from(reply))
    const asking = hub.ask(protocols.status, { nodeKey: hub.self, from: 0 }, raw.key)
    expect(await codeOf(asking)).toBe(code)
    const asked = await counts.first(({ name }) => name === 'network_asked_total')
    expect(asked.labels).toEqual({ protocol: 'status', outcome: code })
  })

  it('judges shards and lengths of batches itself', async () => {
    const judged = new Mailbox<RuleId>()
    hub.subscribe('batches', async () => {
      judged.put('sound')
      return 'sound'
    })
    const batch = new Uint8Array(300)
    const right = names.topicOf('batches', batch) ?? ''
    const wrong = names.topics('batches').find((topic) => topic !== right) ?? ''
    await raw.publish(wrong, batch)
    expect(await ruleOf()).toBe('wrong-shard')
    await raw.publish(right, batch.subarray(0, 100))
    expect(await ruleOf()).toBe('malformed')
    await raw.publish(right, batch)
    expect(await ruleOf()).toBe('sound')
    await raw.publish(right, new Uint8Array(GOSSIP_BYTES + 1))
    expect(await ruleOf()).toBe('malformed')
    expect(await judged.next()).toBe('sound')
    expect(await codeOf(hub.publish('batches', batch.subarray(0, 100)))).toBe('network/malformed')
    const published = await counts.first(({ name }) => name === 'network_published_total')
    expect(published.labels).toEqual({ topic: 'batches', outcome: 'network/malformed' })
  })

  it('keeps 4,096 messages that nobody takes, and no more', async () => {
    const lonely = await world.make({ role: 'home', listen: [], bootstrap: [] })
    const waiting = Array.from({ length: 4096 }, () => codeOf(lonely.publish('known', new Uint8Array(1))))
    expect(await codeOf(lonely.publish('known', new Uint8Array(1)))).toBe('network/busy')
    await lonely.stop()
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['network/nobody-listens']))
  })

  it('takes a judge that fails for a busy one', async () => {
    hub.subscribe('known', () => Promise.reject(new Error('the disk is full')))
    await raw.publish(names.topics('known')[0] ?? '', new Uint8Array(5))
    expect(await ruleOf()).toBe('busy')
  })

  it('hangs up on who sends what is rejected, and lets it in no more', async () => {
    hub.subscribe('known', async ({ bytes }) => (bytes[0] === 1 ? 'bad-signature' : 'sound'))
    const home = await world.make({ role: 'home', listen: [], bootstrap: hub.addresses() })
    for (let i = 0; i < 3; i++) await raw.publish(names.topics('known')[0] ?? '', Uint8Array.of(1, i))
    await counts.first(({ name }) => name === 'network_banned_total')
    await raw.hungUp()
    await raw.dialAgain()
    const { labels } = await counts.first(({ name }) => name === 'network_connections_refused_total')
    expect(labels).toEqual({ why: 'banned' })
    await home.publish('known', Uint8Array.of(2))
    expect(await ruleOf()).toBe('sound')
  })

  it('does not dial who is banned', async () => {
    hub.subscribe('known', async () => 'bad-signature')
    for (let i = 0; i < 3; i++) await raw.publish(names.topics('known')[0] ?? '', Uint8Array.of(1, i))
    await counts.first(({ name }) => name === 'network_banned_total')
    await raw.hungUp()
    expect(await codeOf(hub.ask(protocols.work, { epoch: 1, nodeKey: hub.self }, raw.key))).toBe(
      'network/unreachable',
    )
    // Whoever is dialled and banned is hung up on, which is counted.
    const either = ['network_asked_total', 'network_connections_refused_total']
    expect(await counts.first(({ name }) => either.includes(name))).toMatchObject({
      name: 'network_asked_total',
    })
  })

  it('lets nobody in who is denied', async () => {
    const denied = `/p2p/${raw.name}`
    const strict = await world.make(
      { ...hubOptions, deny: [denied] },
      { count: (name, labels) => counts.put({ name, labels }) },
    )
    await raw.dialAgain(strict.addresses()[0])
    const { labels } = await counts.first(({ name }) => name === 'network_connections_refused_total')
    expect(labels).toEqual({ why: 'denied' })
  })

  it('goes on when who asks to be dialled can not be read', async () => {
    hub.answer(protocols.work, () => Promise.resolve({ node: 1, tasks: [] }))
    const protocol = `/${names.prefix}/autonat/2/dial-request`
    // A length, and what is no message; a message with nothing in it; one that asks for an address that is none.
    for (const bytes of [[3, 255, 255, 255], [0], [6, 10, 4, 10, 2, 255, 255]])
      expect(await raw.talk(protocol, Uint8Array.from(bytes))).toEqual({ what: 'broken' })
    const question = Uint8Array.of(40, ...new Array<number>(43).fill(0))
    expect(await raw.talk(names.protocol('work'), question)).toEqual({ what: 'answered' })
  })

  it('keeps nothing in the DHT but hubs of its network', async () => {
    await raw.provide(new TextEncoder().encode('junk'))
    const refused = await counts.first(({ name }) => name === 'network_dht_refused_total')
    expect(refused.labels).toEqual({ why: 'not-ours' })
  })
})

describe('options', () => {
  const PEER = '12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5'
  const good: NetworkOptions = {
    networkId: NETWORK_ID,
    secret: secretOf(1),
    role: 'home',
    listen: [],
    bootstrap: [],
    preset: 'local',
  }
  const refused: [string, Partial<NetworkOptions>][] = [
    ['a short network id', { networkId: new Uint8Array(31) }],
    ['a long secret', { secret: new Uint8Array(64) }],
    ['a home that listens', { listen: ['/ip4/127.0.0.1/tcp/0'] }],
    ['a hub that does not', { role: 'hub' }],
    ['three shards', { shards: 3 }],
    ['a home without hubs', { hubs: 0 }],
    ['a home with all hubs', { hubs: 257 }],
    ['too many shards', { shards: 512 }],
    ['a bootstrap without a key', { bootstrap: ['/ip4/127.0.0.1/tcp/1'] }],
    [
      'a bootstrap through a relay',
      { bootstrap: [`/ip4/11.0.0.1/tcp/1/p2p/${PEER}/p2p-circuit/p2p/${PEER}`] },
    ],
    ['what is neither a peer nor a subnet, denied', { deny: ['/dns4/example.org'] }],
    ['a subnet of a size that there is not', { allow: ['/ip4/192.0.2.0/ipcidr/99'] }],
    ['an address that is none', { role: 'hub', listen: ['localhost:80'] }],
  ]

  it.each(refused)('are refused: %s', (_, wrong) => {
    expect(() => libp2pNetwork({ ...good, ...wrong }, portsOf(1))).toThrow(NetworkError)
  })

  it('give the peer its key', () => {
    const { self } = libp2pNetwork(good, portsOf(1))
    expect(toBase58(self)).toBe(toBase58(keyFromSecret(good.secret).publicKey))
  })

  it('a hub that can not listen says so, and stops all the same', async () => {
    const hub = libp2pNetwork({ ...good, role: 'hub', listen: ['/ip4/192.0.2.1/tcp/1'] }, portsOf(1))
    await expect(hub.start()).rejects.toThrow()
    await hub.stop()
  })
})
