// What happens at each bound.

import type { Connection, PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { keyFromSecret } from '@piecework/protocol'
import { Key } from 'interface-datastore'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { create } from 'multiformats/hashes/digest'
import { toString as textOf } from 'uint8arrays/to-string'
import { describe, expect, it } from 'vitest'
import { Bans } from '../src/libp2p/bans.ts'
import { DhtRecords, hubsOf } from '../src/libp2p/dht-records.ts'
import { keepFriends } from '../src/libp2p/friends.ts'
import { HubPlaces } from '../src/libp2p/hub-places.ts'
import { peerIdOf } from '../src/libp2p/keys.ts'
import { Names, TOPICS } from '../src/libp2p/names.ts'
import { subnetOf } from '../src/libp2p/subnets.ts'
import { Turns } from '../src/libp2p/turns.ts'
import { secretOf } from './support/peers.ts'

const never = new AbortController().signal

describe('a subnet', () => {
  it.each([
    ['/ip4/192.0.2.77/tcp/1', '192.0.2.0/24'],
    ['/ip6/2001:db8:1:2345::7/tcp/1', '2001:db8:1:2300::/56'],
    ['/ip6/2001:db8:0:ff::/tcp/1', '2001:db8:0:0::/56'],
    ['/ip6/::1/tcp/1', '0:0:0:0::/56'],
    ['/ip6/::ffff:192.0.2.77/tcp/1', '192.0.2.0/24'],
    ['/dns4/example.org/tcp/1', undefined],
    ['/ip4/192.0.2.77/tcp/1/p2p/12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5/p2p-circuit', undefined],
  ])('of %s is %s', (address, subnet) => {
    expect(subnetOf(multiaddr(address))).toBe(subnet)
  })
})

describe('turns', () => {
  it('are two at once for a stranger, and more for who brings something', async () => {
    const turns = new Turns()
    const began: number[] = []
    const all = Array.from({ length: 7 }, (_, i) => turns.take('a').then(() => began.push(i)))
    const settle = (): Promise<void> => new Promise((next) => setImmediate(next))
    await settle()
    expect(began).toEqual([0, 1])
    turns.give('a', false)
    await settle()
    expect(began).toEqual([0, 1, 2])
    turns.give('a', true)
    await settle()
    expect(began).toEqual([0, 1, 2, 3, 4])
    turns.give('a', true)
    turns.give('a', false)
    await Promise.all(all)
    expect(began).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  it('of one peer are not those of another', async () => {
    const turns = new Turns()
    await Promise.all([turns.take('a'), turns.take('a'), turns.take('b'), turns.take('b')])
  })
})

describe('friends', () => {
  const friend = peerIdFromString('12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5')
  const name = friend.toString()

  it('are told of everything while the chain or the operator names them', async () => {
    const direct = new Set<string>()
    const looks: (() => void)[] = []
    const stopping = new AbortController()
    let isHub = false
    const libp2p = { getPeers: () => [friend], addEventListener() {}, removeEventListener() {} }
    const ports = {
      time: { wait: () => new Promise<void>((again) => looks.push(again)) },
    }
    const parts = { libp2p, direct, ports, stopping: stopping.signal }
    const again = async (): Promise<void> => {
      looks.shift()?.()
      await new Promise((next) => setImmediate(next))
    }
    const keeping = keepFriends({ ...parts, isFriend: () => isHub })
    expect([...direct]).toEqual([])
    isHub = true
    await again()
    expect([...direct]).toEqual([name])
    isHub = false
    await again()
    expect([...direct]).toEqual([])
    const allowing = keepFriends({ ...parts, isFriend: (peer) => peer === name })
    expect([...direct]).toEqual([name])
    stopping.abort()
    await again()
    await again()
    await Promise.all([keeping, allowing])
  })
})

describe('bans', () => {
  function banning() {
    const ends: (() => void)[] = []
    const wait = (): Promise<void> => new Promise((end) => ends.push(end))
    const banned: string[] = []
    const bans = new Bans({ ports: { time: { wait } }, stopping: never, trusted: new Set(['friend']) })
    bans.onBan = (peer) => banned.push(peer)
    const passes = async (): Promise<void> => {
      for (const end of ends.splice(0)) end()
      await Promise.resolve()
    }
    return { bans, banned, passes }
  }

  it('begin with the third rejected message within their time, and end', async () => {
    const { bans, banned, passes } = banning()
    bans.note('a')
    bans.note('a')
    await passes()
    bans.note('a')
    bans.note('a')
    expect(bans.isBanned('a')).toBe(false)
    bans.note('a')
    expect([bans.isBanned('a'), ...banned]).toEqual([true, 'a'])
    bans.note('a')
    await passes()
    expect([bans.isBanned('a'), ...banned]).toEqual([false, 'a'])
  })

  it('spare those whom the operator trusts, and forget the oldest of many', () => {
    const { bans } = banning()
    for (let i = 0; i < 5; i++) bans.note('friend')
    expect(bans.isBanned('friend')).toBe(false)
    for (let i = 0; i < 3; i++) bans.note('first')
    for (let i = 0; i < 4096; i++) bans.note(`peer ${i}`)
    expect(bans.isBanned('first')).toBe(false)
  })
})

interface Keeping {
  readonly subnetsShare?: boolean
  readonly kept?: readonly string[]
}

describe('records', () => {
  const peerOf = (i: number): string => peerIdOf(keyFromSecret(secretOf(i)).publicKey).toString()
  const cidOf = (i: number): CID =>
    CID.createV1(raw.code, create(0, Uint8Array.of(i & 255, (i >> 8) & 255, i >> 16)))
  const hubs = hubsOf(new Uint8Array(32))
  const folder = `/dht/provider/${textOf(hubs.multihash.bytes, 'base32')}/`

  /** Hubs that connect from an address each, in a network where subnets share or not. */
  function keeping({ subnetsShare = false, kept = [] }: Keeping = {}) {
    const counts: string[] = []
    const hosts = new Map<string, string>()
    const hubPlaces = new HubPlaces({ limits: { subnetsShare }, isKept: (peer) => kept.includes(peer) })
    hubPlaces.attach({
      getConnections: (peer?: PeerId) => {
        const host = hosts.get(String(peer))
        return host === undefined ? [] : [{ remoteAddr: multiaddr(`/ip4/${host}/tcp/1`) } as Connection]
      },
    })
    const records = new DhtRecords({ hubs, hubPlaces, count: (_, { why }) => counts.push(why ?? '') })
    const provides = async (peer: string, host?: string): Promise<void> => {
      if (host !== undefined) hosts.set(peer, host)
      await records.put(new Key(folder + peer), Uint8Array.of(2))
    }
    const found = async (prefix: string): Promise<string[]> => {
      const all: string[] = []
      for await (const { key } of records.query({ prefix })) all.push(key.toString())
      return all
    }
    return { counts, records, provides, found }
  }

  it('of others are forgotten oldest first', async () => {
    const { counts, records } = keeping()
    const key = (i: number): Key => new Key(`/peers/${cidOf(i)}`)
    for (let i = 0; i < 65_538; i++) await records.put(key(i), new Uint8Array(1))
    expect(await Promise.all([0, 1, 2, 65_537].map((i) => records.has(key(i))))).toEqual([
      false,
      false,
      true,
      true,
    ])
    expect(counts).toEqual(['full', 'full'])
  })

  it('of this peer itself, and of who is named, are not forgotten with the oldest', async () => {
    const kept = [peerOf(1), peerOf(2)]
    const { records, provides } = keeping({ kept })
    const own = kept.map((peer) => new Key(`/peers/${peerIdFromString(peer).toCID()}`))
    for (const key of own) await records.put(key, new Uint8Array(1))
    for (const peer of kept) await provides(peer)
    for (let i = 0; i < 65_538; i++) await records.put(new Key(`/peers/${cidOf(i)}`), new Uint8Array(1))
    const names = [...own, ...kept.map((peer) => new Key(folder + peer))]
    expect(await Promise.all(names.map((key) => records.has(key)))).toEqual([true, true, true, true])
    expect(await records.has(new Key(`/peers/${cidOf(0)}`))).toBe(false)
  })

  it('are short, and what is there stays when what is to replace it is not', async () => {
    const { counts, records } = keeping()
    const key = new Key('/peers/a')
    await records.put(key, Uint8Array.of(1))
    await records.put(key, new Uint8Array(16_385))
    expect([await records.get(key), counts]).toEqual([Uint8Array.of(1), ['too-long']])
  })

  it('of a hub go with what is known of the peer', async () => {
    const { records } = keeping()
    const peer = peerIdFromString('12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5')
    const known = new Key(`/peers/${peer.toCID()}`)
    const provided = new Key(`${folder}${peer}`)
    for (const key of [known, provided]) await records.put(key, Uint8Array.of(1))
    await records.delete(known)
    expect([await records.has(known), await records.has(provided)]).toEqual([false, false])
  })

  it('of hubs are 512, and are found without looking at those of peers', async () => {
    const { counts, records, provides, found } = keeping()
    await records.put(new Key(`/peers/${cidOf(1)}`), Uint8Array.of(1))
    for (let i = 0; i < 513; i++) await provides(`${i}`)
    const [first, ...rest] = await found(folder)
    expect([first, rest.length, counts]).toEqual([`${folder}1`, 511, ['full']])
    expect(await found('/peers/')).toEqual([`/peers/${cidOf(1)}`])
  })

  it('of hubs are shared by subnets: who has many keys drives out nobody but himself', async () => {
    const [honest, other, named, ...many] = Array.from({ length: 1027 }, (_, i) => peerOf(i))
    if (honest === undefined || other === undefined || named === undefined) throw new Error('there are more')
    const { provides, found } = keeping({ subnetsShare: true, kept: [named] })
    await provides(named, '192.0.2.1')
    await provides(honest, '198.51.100.1')
    await provides(other)
    for (const peer of many) await provides(peer, '192.0.2.2')
    const kept = [named, honest, other, ...many.slice(-509)]
    expect(await found(folder)).toEqual(kept.map((peer) => folder + peer))
  })

  it('of hubs that are named go oldest first when there are no others', async () => {
    const kept = Array.from({ length: 513 }, (_, i) => peerOf(i))
    const { provides, found } = keeping({ kept })
    for (const peer of [...kept, peerOf(513)]) await provides(peer)
    expect(await found(folder)).toEqual(kept.slice(1).map((peer) => folder + peer))
  })
})

describe('names', () => {
  const names = new Names(new Uint8Array(32).fill(1), 4)

  it('put every batch into one of the shards that hubs listen to', () => {
    const batch = (byte: number): Uint8Array => new Uint8Array(200).fill(byte)
    const topics = new Set(Array.from({ length: 256 }, (_, byte) => names.topicOf('batches', batch(byte))))
    expect([...topics].sort()).toEqual([...names.topics('batches')].sort())
    expect(new Set(TOPICS.flatMap((topic) => names.topics(topic))).size).toBe(4 + 4)
  })

  it('are read back for own protocols alone', () => {
    expect(names.nameOf(names.protocol('work'))).toBe('work')
    const others = new Names(new Uint8Array(32).fill(2), 4)
    for (const protocol of [others.protocol('work'), names.dht, '/ipfs/ping/1.0.0', '/meshsub/1.2.0'])
      expect(names.nameOf(protocol)).toBeUndefined()
  })
})
