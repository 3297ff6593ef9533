// Long things: in pieces from several peers, with one that breaks off, is slow, or lies.
import { DATA_WHOLE_BYTES, DataAnswers, fetchByHash, PIECE_BYTES, protocols } from '@piecework/network'
import { MemoryNetworks } from '@piecework/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LONG, PIECES, sha256 } from './support/long.ts'
import {
  breaking,
  honest,
  isLong,
  lying,
  type OfLength,
  ONCE,
  Scene,
  type Twist,
} from './support/long-scene.ts'
import { secretOf } from './support/peers.ts'

describe('something long', () => {
  it('comes in pieces from several peers at once, each piece once', async () => {
    const scene = await new Scene().start(honest, honest, honest)
    expect(isLong(await scene.fetch())).toBe(true)
    expect(scene.times).toEqual(ONCE)
    for (const answered of scene.answered) expect(answered.length).toBeGreaterThan(1)
    expect(scene.failures).toEqual([])
  })

  it('comes from the one who has it, two pieces at once and no more', async () => {
    let [now, most] = [0, 0]
    const counting: Twist = async (answer) => {
      most = Math.max(most, ++now)
      await Promise.resolve()
      now--
      return answer
    }
    const scene = await new Scene().start(counting)
    expect(isLong(await scene.fetch())).toBe(true)
    expect([scene.times, most]).toEqual([ONCE, 2])
  })

  it('goes on at another peer where one broke off: nothing comes twice', async () => {
    let given = 0
    const broken: Twist = (answer) => (++given > 3 ? breaking() : answer)
    const scene = await new Scene().start(broken, honest)
    expect(isLong(await scene.fetch())).toBe(true)
    expect(scene.times).toEqual(ONCE)
    expect(scene.answered[0]?.length).toBe(3)
    expect(new Set(scene.failures.map(({ peer, code }) => `${peer} ${code}`))).toEqual(
      new Set(['0 network/refused']),
    )
  })

  it('goes on at the same peer when it is connected again, until that happens too often', async () => {
    for (const [breaks, ends] of [
      [4, true],
      [5, false],
    ] as const) {
      const scene = new Scene()
      let [left, given] = [breaks, 0]
      await scene.start((answer) => {
        const [peer] = scene.peers
        // The first pieces come; from then on the way breaks for what is asked next.
        if (++given > 2 && left-- > 0 && peer !== undefined) scene.networks.cut(scene.network.self, peer)
        return answer
      })
      expect(isLong(await scene.fetch())).toBe(ends)
      expect(new Set(scene.failures.map(({ code }) => code))).toEqual(new Set(['network/unreachable']))
      if (ends) expect(scene.times).toEqual(ONCE)
    }
  })

  it('needs one who tells the truth, and names who does not', async () => {
    for (const twists of [
      [lying, honest, lying],
      [lying, lying, honest],
      [honest, lying, lying],
    ]) {
      const scene = await new Scene().start(...twists)
      expect(isLong(await scene.fetch())).toBe(true)
      for (const { peer, code } of scene.failures)
        expect([twists[peer], code]).toEqual([lying, 'network/malformed'])
    }
  })

  it('names all who lie when nobody tells the truth', async () => {
    const scene = await new Scene().start(lying, lying)
    expect(await scene.fetch()).toBeUndefined()
    expect(scene.failures.map(({ peer }) => peer).sort()).toEqual([0, 1])
    const alone = await new Scene().start(lying)
    expect(await alone.fetch()).toBeUndefined()
    // It is known at once who it was: it is not asked for all of it again.
    expect([alone.failures.length, alone.times]).toEqual([1, ONCE])
  })

  it('does not wait for the others when one says nothing until its time is over', async () => {
    const scene = await new Scene().start(() => new Promise(() => undefined), honest)
    const fetching = scene.fetch()
    // The slow one has two pieces at most; the other gives all that is left.
    for (let i = 0; i < PIECES - 2; i++) await scene.came.next()
    expect(scene.asked[0]?.length).toBe(2)
    scene.networks.runOutOfTime()
    expect(isLong(await fetching)).toBe(true)
    expect(scene.times).toEqual(ONCE)
    expect(scene.failures.every(({ peer, code }) => peer === 0 && code === 'network/timeout')).toBe(true)
  })

  it.each<[string, Twist]>([
    ['less than was asked for', ({ wholeBytes, bytes }) => ({ wholeBytes, bytes: bytes.subarray(1) })],
    [
      'more',
      ({ wholeBytes, bytes }) => ({ wholeBytes, bytes: new Uint8Array([...bytes.subarray(-100), 1]) }),
    ],
    ['nothing', ({ wholeBytes }) => ({ wholeBytes, bytes: new Uint8Array(0) })],
  ])('refuses %s at once', async (_, twist) => {
    const scene = await new Scene().start(twist, honest)
    expect(isLong(await scene.fetch())).toBe(true)
    expect(scene.failures.every(({ peer, code }) => peer === 0 && code === 'network/malformed')).toBe(true)
    // Two lanes, each with one question.
    expect(scene.answered[0]?.length).toBeLessThanOrEqual(2)
  })

  it('is not fetched when it is longer than the asker accepts', async () => {
    const scene = await new Scene().start(honest)
    expect(await scene.fetch({ mostBytes: LONG.length - 1 })).toBeUndefined()
    expect([scene.asked, scene.failures]).toEqual([[[]], [{ peer: 0, code: 'network/malformed' }]])
    expect(isLong(await scene.fetch({ mostBytes: LONG.length }))).toBe(true)
  })

  it.each([LONG.length - 1, LONG.length + 1, 16_777_216])(
    'is found although the first peer says that it has %i bytes',
    async (longBytes) => {
      const scene = await new Scene().start({ longBytes }, honest)
      expect(isLong(await scene.fetch())).toBe(true)
      expect(scene.failures).toEqual([{ peer: 0, code: 'network/malformed' }])
    },
  )

  it('may be short, whatever the first peer says', async () => {
    const short = LONG.subarray(0, 100)
    const networks = new MemoryNetworks()
    const [network, liar, server] = [0, 1, 2].map((i) => networks.join(secretOf(i)))
    if (network === undefined || liar === undefined || server === undefined) throw new Error('three join')
    const longBytes = DATA_WHOLE_BYTES + 1
    liar.answer(protocols.data, async () => ({ found: [{ longBytes }] }))
    liar.answer(protocols.piece, async () => ({ wholeBytes: longBytes, bytes: new Uint8Array(0) }))
    const answers = new DataAnswers(async () => short)
    server.answer(protocols.piece, (question) => answers.piece(question))
    for (const one of [network, liar, server]) await one.start()
    const peers = [liar.self, server.self]
    const [bytes] = await fetchByHash({ network, sort: 'content', hashes: [sha256(short)], peers })
    expect(bytes).toEqual(short)
  })

  it('is what its hash says, or nothing, whatever peers do; with an honest one it is always there', async () => {
    const doing = fc.constantFrom<Twist | OfLength>(
      lying,
      breaking,
      ({ wholeBytes }) => ({ wholeBytes, bytes: new Uint8Array(0) }),
      () => ({ wholeBytes: undefined, bytes: new Uint8Array(0) }),
      (answer, { at }) => (at > 0 ? breaking() : answer),
      { longBytes: LONG.length },
      { longBytes: LONG.length - PIECE_BYTES },
      { longBytes: 16_777_216 },
    )
    const peers = fc.record({ bad: fc.array(doing, { maxLength: 4 }), at: fc.nat(4), isOne: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(peers, async ({ bad, at, isOne }) => {
        const scene = await new Scene().start(...(isOne ? bad.toSpliced(at, 0, honest) : bad))
        const bytes = await scene.fetch()
        expect(bytes === undefined ? !isOne : isLong(bytes)).toBe(true)
      }),
      { numRuns: 12 },
    )
  })
})
