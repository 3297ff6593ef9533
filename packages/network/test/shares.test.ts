// How places and memory are shared by those who want them.
import { describe, expect, it } from 'vitest'
import { Bans } from '../src/libp2p/bans.ts'
import { FairShare } from '../src/libp2p/fair-share.ts'
import { makeRoom } from '../src/libp2p/frames.ts'
import { Judging } from '../src/libp2p/judging.ts'
import { Permits } from '../src/libp2p/permits.ts'
import { Shares, type Taker } from '../src/libp2p/shares.ts'
import type { RuleId } from '../src/topics.ts'

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

describe('messages that wait for their judges', () => {
  /** Of what strangers have together, which is three quarters of all. */
  const HALF = 25_165_824
  /** What each costs beside its bytes. */
  const MORE = 1024

  function judging() {
    const counts: string[] = []
    const count = (name: string, labels: Readonly<Record<string, string>>): void => {
      counts.push([name, ...Object.values(labels)].join(' '))
    }
    const judges = new Judging({
      ports: { time: { wait: () => new Promise(() => undefined) }, random: () => 0, count },
      stopping: never,
      bans: new Bans({
        ports: { time: { wait: () => new Promise(() => undefined) } },
        stopping: never,
        trusted: new Set(),
      }),
      isFriend: (peer) => peer === 'friend',
    })
    /** Each is looked at until it is told to end. */
    const ends: (() => void)[] = []
    const brings = (from: string, bytes: number): Promise<RuleId> =>
      judges.inTurn(from, bytes - MORE, () => new Promise((end) => ends.push(() => end('sound'))))
    return { counts, ends, brings }
  }

  it('have so much room, of which who has most there gets no more', async () => {
    const { counts, ends, brings } = judging()
    const full = 'network_full_total heard room'
    expect([await brings('a', 2 * HALF + 1), counts]).toEqual(['busy', [full]])
    const first = brings('a', HALF)
    expect([await brings('a', MORE), counts]).toEqual(['busy', [full, full]])
    const others = [brings('b', HALF / 2), brings('c', HALF / 4)]
    expect(await Promise.all([brings('b', MORE), brings('c', HALF / 4)])).toEqual(['busy', 'busy'])
    others.push(brings('d', MORE), brings('friend', HALF / 2))
    await new Promise((next) => setImmediate(next))
    for (const end of ends.splice(0)) end()
    expect(await Promise.all([first, ...others])).toEqual(['sound', 'sound', 'sound', 'sound', 'sound'])
    expect(counts).toEqual(new Array(4).fill(full))
    const again = brings('a', HALF)
    await new Promise((next) => setImmediate(next))
    for (const end of ends) end()
    expect(await again).toBe('sound')
  })
})
