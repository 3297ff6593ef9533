// What happens at each bound.

import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { Key } from 'interface-datastore'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { create } from 'multiformats/hashes/digest'
import { toString as textOf } from 'uint8arrays/to-string'
import { describe, expect, it } from 'vitest'
import { Bans } from '../src/libp2p/bans.ts'
import { DhtRecords, hubsOf } from '../src/libp2p/dht-records.ts'
import { FairShare } from '../src/libp2p/fair-share.ts'
import { makeRoom } from '../src/libp2p/frames.ts'
import { keepFriends } from '../src/libp2p/friends.ts'
import { Names, TOPICS } from '../src/libp2p/names.ts'
import { Permits } from '../src/libp2p/permits.ts'
import { Shares, type Taker } from '../src/libp2p/shares.ts'
import { subnetOf } from '../src/libp2p/subnets.ts'
import { Turns } from '../src/libp2p/turns.ts'

const never = new AbortController().signal

const stranger = (peer: string, share = peer): Taker => ({ peer, share, isFriend: false })
const friend = (peer: string): Taker => ({ peer, share: peer, isFriend: true })

/** How many one takes until it gets no more. */
function most(take: () => unknown): number {
  let count = 0
  while (take() !== undefined) count++
  return count
}

describe('permits', () => {
  it('end with sixteen for one peer', () => {
    const permits = new Permits()
    expect(most(() => permits.take(stranger('a')))).toBe(16)
    expect(most(() => permits.take(friend('b')))).toBe(16)
  })

  it('are 96 for strangers, and 128 with friends', () => {
    const permits = new Permits()
    const all = (taker: (peer: string) => Taker): number =>
      Array.from({ length: 200 }, (_, i) => most(() => permits.take(taker(`${i}`)))).reduce((a, b) => a + b)
    expect(all(stranger)).toBe(96)
    expect(all(friend)).toBe(32)
  })

  it('are shared by where strangers come from', () => {
    const permits = new Permits()
    const from = (share: string): number =>
      Array.from({ length: 99 }, (_, i) => most(() => permits.take(stranger(`${share} ${i}`, share)))).reduce(
        (a, b) => a + b,
      )
    expect([from('one'), from('two'), from('three')]).toEqual([48, 24, 12])
  })

  it('are given back once, and then to who waits', async () => {
    const permits = new Permits()
    const releases = Array.from({ length: 16 }, () => permits.take(stranger('a')))
    const waiting = [permits.wait(stranger('a'), never), permits.wait(stranger('a'), never)]
    releases[0]?.()
    releases[0]?.()
    const first = await Promise.race(waiting)
    expect(first).toBeDefined()
    expect(permits.take(stranger('a'))).toBeUndefined()
    first?.()
    expect((await Promise.all(waiting)).map((release) => release !== undefined)).toEqual([true, true])
  })

  it('are waited for until the time is over', async () => {
    const permits = new Permits()
    most(() => permits.take(stranger('a')))
    const over = new AbortController()
    const waiting = Array.from({ length: 3 }, () => permits.wait(stranger('a'), over.signal))
    over.abort()
    expect(new Set(await Promise.all(waiting))).toEqual(new Set([undefined]))
  })
})

describe('room for what is under way', () => {
  it('is 256 MB for all streams together, and a quarter of it for friends', () => {
    const room = makeRoom()
    const megabytes = 2 ** 20
    expect(most(() => room.take(stranger('a'), 16 * megabytes))).toBe(6)
    expect(room.take(stranger('b'), 96 * megabytes)).toBeDefined()
    expect(room.take(stranger('c'), 1)).toBeUndefined()
    const release = room.take(friend('d'), 64 * megabytes)
    expect(release).toBeDefined()
    expect(room.take(friend('e'), 1)).toBeUndefined()
    release?.()
    release?.()
    expect(most(() => room.take(friend('e'), 32 * megabytes))).toBe(1)
  })
})

describe('shares', () => {
  it('of friends are not those of strangers when somebody becomes a friend in between', () => {
    const shares = new Shares(8)
    const release = shares.take(stranger('a'), 3)
    expect(shares.take(stranger('b'), 4)).toBeUndefined()
    release?.()
    expect(shares.take(friend('a'), 4)).toBeDefined()
    expect(shares.take(stranger('b'), 4)).toBeDefined()
  })
})

describe('a fair share', () => {
  it('of places is half for one, a third for each of two, and leaves one for who comes last', () => {
    const share = new FairShare(900)
    const most = (name: string): number => {
      let count = 0
      for (; share.mayTake(name); count++) share.take(name)
      return count
    }
    expect(most('one')).toBe(450)
    for (let i = 0; i < 150; i++) share.give('one')
    expect(most('two')).toBe(300)
    expect([share.mayTake('one'), share.mayTake('two'), share.mayTake('three')]).toEqual([false, false, true])
    expect(share.taken).toBe(600)
  })

  it('of many at once is not more than what is left then', () => {
    const share = new FairShare(100)
    expect([share.mayTake('one', 101), share.mayTake('one', 100)]).toEqual([false, true])
    share.take('one', 30)
    expect([share.mayTake('one', 41), share.mayTake('one', 40), share.mayTake('two', 70)]).toEqual([
      false,
      true,
      true,
    ])
  })

  it('counts what was taken at once', () => {
    const share = new FairShare(100)
    share.take('one', 60)
    expect([share.mayTake('one'), share.mayTake('two')]).toEqual([false, true])
    share.give('one', 60)
    expect(share.taken).toBe(0)
  })
})

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

describe('records', () => {
  const cidOf = (i: number): CID =>
    CID.createV1(raw.code, create(0, Uint8Array.of(i & 255, (i >> 8) & 255, i >> 16)))

  it('of others are forgotten oldest first', async () => {
    const counts: string[] = []
    const records = new DhtRecords(hubsOf(new Uint8Array(32)), (_, { why }) => counts.push(why ?? ''))
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

  it('are short, and what is there stays when what is to replace it is not', async () => {
    const counts: string[] = []
    const records = new DhtRecords(hubsOf(new Uint8Array(32)), (_, { why }) => counts.push(why ?? ''))
    const key = new Key('/peers/a')
    await records.put(key, Uint8Array.of(1))
    await records.put(key, new Uint8Array(16_385))
    expect([await records.get(key), counts]).toEqual([Uint8Array.of(1), ['too-long']])
  })

  it('of a hub go with what is known of the peer', async () => {
    const name = hubsOf(new Uint8Array(32))
    const records = new DhtRecords(name, undefined)
    const peer = peerIdFromString('12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5')
    const known = new Key(`/peers/${peer.toCID()}`)
    const provided = new Key(`/dht/provider/${textOf(name.multihash.bytes, 'base32')}/${peer}`)
    for (const key of [known, provided]) await records.put(key, Uint8Array.of(1))
    await records.delete(known)
    expect([await records.has(known), await records.has(provided)]).toEqual([false, false])
  })

  it('of hubs are 512, and are found without looking at those of peers', async () => {
    const name = hubsOf(new Uint8Array(32))
    const counts: string[] = []
    const records = new DhtRecords(name, (_, { why }) => counts.push(why ?? ''))
    const folder = `/dht/provider/${textOf(name.multihash.bytes, 'base32')}/`
    await records.put(new Key(`/peers/${cidOf(1)}`), Uint8Array.of(1))
    for (let i = 0; i < 513; i++) await records.put(new Key(`${folder}${i}`), Uint8Array.of(2))
    const found = async (prefix: string): Promise<string[]> => {
      const all: string[] = []
      for await (const { key } of records.query({ prefix })) all.push(key.toString())
      return all
    }
    const [first, ...rest] = await found(folder)
    expect([first, rest.length, counts]).toEqual([`${folder}1`, 511, ['full']])
    expect(await found('/peers/')).toEqual([`/peers/${cidOf(1)}`])
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
