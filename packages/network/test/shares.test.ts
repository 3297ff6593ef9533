// How places and memory are shared by those who want them.
import { describe, expect, it } from 'vitest'
import { FairShare } from '../src/libp2p/fair-share.ts'
import { makeRoom } from '../src/libp2p/frames.ts'
import { Permits } from '../src/libp2p/permits.ts'
import { Shares, type Taker } from '../src/libp2p/shares.ts'

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
