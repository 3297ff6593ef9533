// Long things: in pieces from several peers, with one that breaks off, is slow, or lies.
import {
  DATA_WHOLE_BYTES,
  DataAnswers,
  type FetchByHash,
  fetchByHash,
  type Network,
  type NetworkError,
  PIECE_BYTES,
  type PieceAnswer,
  type PieceQuestion,
  protocols,
} from '@piecework/network'
import { equalBytes } from '@piecework/protocol'
import { MemoryNetworks } from '@piecework/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LONG, PIECES, sha256 } from './support/long.ts'
import { Mailbox } from './support/mailbox.ts'
import { secretOf } from './support/peers.ts'

const HASH = sha256(LONG)

/** What a peer makes of an honest answer. */
type Twist = (answer: PieceAnswer, question: PieceQuestion) => PieceAnswer | Promise<PieceAnswer>

/** All that it says fits this length, and nothing of it is true. */
interface OfLength {
  readonly longBytes: number
}
const honest: Twist = (answer) => answer
const breaking = (): Promise<never> => Promise.reject(new Error('its disk is gone'))

/** Only a part of it is false, and only in the middle. */
const lying: Twist = ({ wholeBytes, bytes }, { at }) => {
  const changed = bytes.slice()
  if (at === 4 * PIECE_BYTES) changed[5] = (changed[5] ?? 0) ^ 1
  return { wholeBytes, bytes: changed }
}

const zeros =
  ({ longBytes }: OfLength): Twist =>
  (_, { at, bytes }) => ({
    wholeBytes: longBytes,
    bytes: new Uint8Array(Math.max(0, Math.min(bytes, longBytes - at))),
  })

class Scene {
  readonly networks: MemoryNetworks = new MemoryNetworks()
  readonly network: Network = this.networks.join(secretOf(0))
  readonly peers: Uint8Array[] = []
  /** Of each peer the questions that came to it, and of those the ones that it answered. */
  readonly asked: PieceQuestion[][] = []
  readonly answered: PieceQuestion[][] = []
  /** Where each piece begins that came. */
  readonly came: Mailbox<number> = new Mailbox<number>()
  readonly failures: { readonly peer: number; readonly code: string }[] = []

  async start(...servers: readonly (Twist | OfLength)[]): Promise<this> {
    await this.network.start()
    for (const [i, one] of servers.entries()) {
      const twist = typeof one === 'function' ? one : zeros(one)
      const server = this.networks.join(secretOf(i + 1))
      const [asked, answered]: [PieceQuestion[], PieceQuestion[]] = [[], []]
      this.asked.push(asked)
      this.answered.push(answered)
      this.peers.push(server.self)
      const answers = new DataAnswers(async (_, hash) => (equalBytes(hash, HASH) ? LONG : undefined))
      server.answer(protocols.data, async (question) =>
        typeof one === 'function' ? answers.data(question) : { found: [one] },
      )
      server.answer(protocols.piece, async (question) => {
        asked.push(question)
        const answer = await twist(await answers.piece(question), question)
        answered.push(question)
        return answer
      })
      await server.start()
    }
    return this
  }

  async fetch(options: Partial<Pick<FetchByHash, 'mostBytes'>> = {}): Promise<Uint8Array | undefined> {
    const [bytes] = await fetchByHash({
      ...options,
      network: { ask: (...asked) => this.#ask(...asked) },
      sort: 'content',
      hashes: [HASH],
      peers: this.peers,
      onFailure: (peer: Uint8Array, { code }: NetworkError) => {
        this.failures.push({ peer: this.numberOf(peer), code })
        this.networks.heal(this.network.self, peer)
      },
    })
    return bytes
  }

  #ask: Network['ask'] = async (protocol, question, peer) => {
    const answer = await this.network.ask(protocol, question, peer)
    const { at } = question as Partial<PieceQuestion>
    if (at !== undefined) this.came.put(at)
    return answer
  }

  numberOf(peer: Uint8Array): number {
    return this.peers.findIndex((one) => equalBytes(one, peer))
  }

  /** How often each piece was answered by anybody. */
  get times(): readonly number[] {
    const all = this.answered.flat()
    return Array.from({ length: PIECES }, (_, i) => all.filter(({ at }) => at === i * PIECE_BYTES).length)
  }
}

const isLong = (bytes: Uint8Array | undefined): boolean => bytes !== undefined && equalBytes(bytes, LONG)
const ONCE = new Array<number>(PIECES).fill(1)

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
