// What hubs say of themselves by gossip: which of it counts, and that it spreads.
import { generateKeyPair, generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { PeerRecord, RecordEnvelope } from '@libp2p/peer-record'
import { multiaddr } from '@multiformats/multiaddr'
import { protocols } from '@piecework/network'
import { type HubNewsOf, hubNewsOf } from '@piecework/testkit/raw-peer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Bans } from '../src/libp2p/bans.ts'
import { Denied } from '../src/libp2p/denied.ts'
import { Gossip } from '../src/libp2p/gossip.ts'
import { HubNews } from '../src/libp2p/hub-news.ts'
import { KnownHubs } from '../src/libp2p/known-hubs.ts'
import { Names } from '../src/libp2p/names.ts'
import { PRESETS } from '../src/libp2p/options.ts'
import { Mailbox } from './support/mailbox.ts'
import { NETWORK_ID, secretOf } from './support/peers.ts'
import { Libp2pWorld } from './support/worlds.ts'

const names = new Names(NETWORK_ID, 8)
const [topic = ''] = names.topics('hubs')
const never = new AbortController().signal
const NOWHERE = '/ip4/11.0.0.1/tcp/4001'

let made = 100
const newSecret = (): Uint8Array => secretOf(made++)
const newsOf = (said: Partial<HubNewsOf>): Promise<Uint8Array> =>
  hubNewsOf({ secret: newSecret(), addresses: [NOWHERE], seq: 1n, domain: topic, ...said })

/** Of a key that names nobody here. */
async function ofAnotherSort(): Promise<Uint8Array> {
  const key = await generateKeyPair('secp256k1')
  const record = new PeerRecord({ peerId: peerIdFromPrivateKey(key), multiaddrs: [multiaddr(NOWHERE)] })
  record.domain = topic
  return (await RecordEnvelope.seal(record, key)).marshal()
}

describe('what a hub says of itself', () => {
  let news: HubNews
  let known: KnownHubs
  beforeEach(async () => {
    const ports = { time: { wait: () => new Promise<void>(() => undefined) }, random: () => 0 }
    const stopping = never
    const bans = new Bans({ ports, stopping, trusted: new Set() })
    const limits = PRESETS.public
    known = new KnownHubs({
      ...limits,
      denied: new Denied(['/ip4/14.0.0.0/ipcidr/8']),
      isFriend: () => false,
      random: () => 0,
      wait: ports.time.wait,
      count: undefined,
    })
    news = new HubNews({
      topic,
      privateKey: await generateKeyPairFromSeed('Ed25519', secretOf(1)),
      gossip: new Gossip({ names, ports, stopping, publishMs: 1, bans, isFriend: () => false }),
      known,
      preset: 'public',
      limits,
      ports,
      stopping,
      addresses: () => [multiaddr(`${NOWHERE}/p2p/12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5`)],
    })
  })

  it('is sound, and makes it known', async () => {
    expect(await news.judge((await news.news()) ?? new Uint8Array())).toBe('sound')
    const [hub] = known.all()
    expect([hub?.source, hub?.addresses.map(String)]).toEqual(['gossip', [NOWHERE]])
  })

  it('is heard once, and again when it is newer', async () => {
    const secret = newSecret()
    const rules: string[] = []
    for (const seq of [5n, 5n, 4n, 6n]) rules.push(await news.judge(await newsOf({ secret, seq })))
    expect(rules).toEqual(['sound', 'duplicate', 'duplicate', 'sound'])
    const newest = await newsOf({ secret, seq: 7n })
    const both = await Promise.all([news.judge(newest), news.judge(newest)])
    expect(both.sort()).toEqual(['duplicate', 'sound'])
  })

  it('counts for this network alone, and from its own mouth', async () => {
    const [other = ''] = new Names(new Uint8Array(32).fill(8), 8).topics('hubs')
    expect(await news.judge(await newsOf({ domain: other }))).toBe('bad-signature')
    // A record that libp2p itself signs for whoever it meets.
    expect(await news.judge(await hubNewsOf({ secret: newSecret(), addresses: [NOWHERE], seq: 1n }))).toBe(
      'bad-signature',
    )
    expect(await news.judge(await newsOf({ signer: newSecret() }))).toBe('bad-signature')
    expect(known.all()).toEqual([])
  })

  it('names addresses that can be dialled from here', async () => {
    const home = ['/ip4/192.168.1.1/tcp/1', '/ip4/127.0.0.1/tcp/1', '/ip6/::1/tcp/1']
    const relayed = `${NOWHERE}/p2p/12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5/p2p-circuit`
    // Whoever owns a name may have it lead there.
    const named = '/dns4/example.org/tcp/1'
    expect(await news.judge(await newsOf({ addresses: [...home, relayed, named] }))).toBe('not-dialable')
    expect(await news.judge(await newsOf({ addresses: [...home, named, NOWHERE] }))).toBe('sound')
    expect(known.all()[0]?.addresses.map(String)).toEqual([NOWHERE])
  })

  it('is not taken in, nor passed on, where the operator denies all that it names', async () => {
    expect(await news.judge(await newsOf({ addresses: ['/ip4/14.0.0.1/tcp/1'] }))).toBe('not-dialable')
  })

  it('is one encoding of at most eight addresses, of a key that names a peer', async () => {
    const good = await newsOf({})
    const many = Array.from({ length: 9 }, (_, i) => `/ip4/11.0.0.${i}/tcp/1`)
    const bad = [
      new Uint8Array(),
      good.subarray(1),
      good.subarray(0, -1),
      Uint8Array.of(...good, 0),
      // A field that nobody knows, which a lax reader skips.
      Uint8Array.of(...good, 0x50, 1),
      new Uint8Array(1025),
      await newsOf({ addresses: many }),
      await ofAnotherSort(),
    ]
    expect(new Set(await Promise.all(bad.map((bytes) => news.judge(bytes))))).toEqual(new Set(['malformed']))
  })

  it('is too much of one hub, of one subnet, and of new ones', async () => {
    const secret = newSecret()
    const rules: string[] = []
    for (let seq = 1n; seq <= 9n; seq++) rules.push(await news.judge(await newsOf({ secret, seq })))
    expect(rules).toEqual([...new Array<string>(8).fill('sound'), 'too-many'])
    for (let i = 0; i < 4; i++) rules.push(await news.judge(await newsOf({})))
    expect(rules.slice(9)).toEqual(['sound', 'sound', 'sound', 'too-many'])
    // Four of them are there.
    for (let i = 4; i < 256; i++)
      expect(await news.judge(await newsOf({ addresses: [`/ip4/12.0.${i}.1/tcp/1`] }))).toBe('sound')
    expect(await news.judge(await newsOf({ addresses: ['/ip4/13.0.0.1/tcp/1'] }))).toBe('busy')
    expect(await news.judge(await newsOf({ secret, seq: 10n }))).toBe('too-many')
    expect(known.all().length).toBe(256)
  })

  it('costs the common rate by each new key that is looked at, and nothing where there is no place', async () => {
    for (let i = 0; i < 300; i++) await news.judge(await newsOf({}))
    expect(known.all().length).toBe(4)
    const forged = await newsOf({ addresses: ['/ip4/12.0.0.1/tcp/1'], signer: newSecret() })
    for (let i = 4; i < 256; i++) expect(await news.judge(forged)).toBe('bad-signature')
    expect(await news.judge(forged)).toBe('busy')
  })
})

describe('hubs over real connections', () => {
  let world: Libp2pWorld
  beforeEach(() => {
    world = new Libp2pWorld()
  })
  afterEach(() => world.end())

  it('are heard of by homes that listen, which can ask them then', async () => {
    const hub = await world.hub()
    const heard = new Mailbox<Readonly<Record<string, string>>>()
    const count = (name: string, labels: Readonly<Record<string, string>>): void => {
      if (name === 'network_messages_total') heard.put(labels)
    }
    const bootstrap = hub.addresses()
    // It keeps the one that it has.
    const home = await world.make({ role: 'home', listen: [], bootstrap, hubs: 1 }, { count })
    const other = await world.make({ role: 'hub', listen: ['/ip4/127.0.0.1/tcp/0'], bootstrap })
    other.answer(protocols.work, async ({ epoch }) => ({ node: epoch, tasks: [] }))
    await heard.first(({ topic: of, rule }) => of === 'hubs' && rule === 'sound')
    await heard.first(({ topic: of, rule }) => of === 'hubs' && rule === 'sound')
    const asking = home.ask(protocols.work, { epoch: 7, nodeKey: home.self }, other.self)
    expect(await asking).toEqual({ node: 7, tasks: [] })
  })
})
