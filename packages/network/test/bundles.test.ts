// How a hub passes batches on: together, under one name, and nothing twice.
import { randomBytes } from 'node:crypto'
import { toHex } from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
import { BUNDLE_BATCHES, BUNDLE_BYTES, type RuleId } from '../src/index.ts'
import { Bundles } from '../src/libp2p/bundles.ts'
import { bundleCodec } from '../src/libp2p.ts'
import { Libp2pWorld } from './support/worlds.ts'

/** Sent at once. */
const MANY = 100

const batch = (number: number, bytes = 100): Uint8Array => new Uint8Array(bytes).fill(number)

interface Scene {
  readonly bundles: Bundles
  /** What was sent. */
  readonly sent: (readonly Uint8Array[])[]
  readonly counts: string[]
  /** The time to wait is over. */
  readonly wait: () => Promise<void>
}

function scene(): Scene {
  const sent: (readonly Uint8Array[])[] = []
  const counts: string[] = []
  let waiting = Promise.withResolvers<void>()
  const bundles = new Bundles({
    ports: { time: { wait: () => waiting.promise }, random: () => 0, count: (name) => counts.push(name) },
    stopping: new AbortController().signal,
    send: async (bundle) => void sent.push(bundleCodec.decode(bundle)),
  })
  const wait = async (): Promise<void> => {
    waiting.resolve()
    waiting = Promise.withResolvers()
    await new Promise((next) => setImmediate(next))
  }
  return { bundles, sent, counts, wait }
}

/** Judges by number, and counts whom it was asked about. */
function judgeOf(rules: Readonly<Record<number, RuleId>>): {
  readonly judged: number[]
  readonly judge: (one: Uint8Array) => Promise<RuleId>
} {
  const judged: number[] = []
  const judge = async ([number = 0]: Uint8Array): Promise<RuleId> => {
    judged.push(number)
    return rules[number] ?? 'sound'
  }
  return { judged, judge }
}

const numbersOf = (all: readonly (readonly Uint8Array[])[]): number[][] =>
  all.map((one) => one.map(([number = -1]) => number))

describe('a hub that bundles', () => {
  it('sends together what came while it waited, each once', async () => {
    const { bundles, sent, counts, wait } = scene()
    for (const number of [1, 2, 1, 3]) bundles.take(batch(number))
    expect(sent).toEqual([])
    await wait()
    expect(numbersOf(sent)).toEqual([[1, 2, 3]])
    await wait()
    expect(sent.length).toBe(1)
    bundles.take(batch(4))
    await wait()
    expect(numbersOf(sent.slice(1))).toEqual([[4]])
    expect(counts).toEqual(['network_bundles_total', 'network_bundles_total'])
  })

  it('waits no longer when a bundle is full, by number or by bytes', async () => {
    const { bundles, sent } = scene()
    for (let number = 0; number <= BUNDLE_BATCHES; number++) bundles.take(batch(number))
    expect(sent.map((one) => one.length)).toEqual([BUNDLE_BATCHES])
    const large = scene()
    const most = 49_000
    for (let number = 0; number < 12; number++) large.bundles.take(batch(number, most))
    expect(large.sent.map((one) => one.length)).toEqual([Math.floor(BUNDLE_BYTES / most)])
  })

  it('lets a bundle go on that is new by half, and does not send again what is in it', async () => {
    const { bundles, sent, wait } = scene()
    bundles.take(batch(1))
    bundles.take(batch(2))
    const { judge } = judgeOf({ 1: 'duplicate', 8: 'duplicate', 9: 'duplicate' })
    const bundle = bundleCodec.encode([1, 8, 9, 3].map((number) => batch(number)))
    expect(await bundles.look(bundle, { judge, atOnce: true })).toBe('sound')
    await wait()
    expect(numbersOf(sent)).toEqual([[2]])
  })

  it('sends what is new of a bundle that is mostly known, and nothing of one that is all known', async () => {
    const { bundles, sent, wait } = scene()
    const { judge } = judgeOf({ 7: 'duplicate', 8: 'too-early', 9: 'duplicate' })
    const [mostly, wholly] = [
      [7, 8, 5, 9],
      [9, 8, 7],
    ].map((numbers) => bundleCodec.encode(numbers.map((number) => batch(number))))
    expect(await bundles.look(mostly ?? batch(0), { judge, atOnce: false })).toBe('mostly-known')
    expect(await bundles.look(wholly ?? batch(0), { judge, atOnce: false })).toBe('duplicate')
    await wait()
    expect(numbersOf(sent)).toEqual([[5]])
  })

  it('rejects a bundle with a batch that is rejected, looks at no more of a stranger, and keeps what was good', async () => {
    const { bundles, sent, wait } = scene()
    const bundle = bundleCodec.encode([1, 2, 3].map((number) => batch(number)))
    const stranger = judgeOf({ 2: 'bad-signature' })
    expect(await bundles.look(bundle, { judge: stranger.judge, atOnce: false })).toBe('bad-signature')
    expect(stranger.judged).toEqual([1, 2])
    const friend = judgeOf({ 2: 'bad-signature' })
    expect(await bundles.look(bundle, { judge: friend.judge, atOnce: true })).toBe('bad-signature')
    expect(friend.judged).toEqual([1, 2, 3])
    await wait()
    expect(numbersOf(sent)).toEqual([[1, 3]])
  })

  it('rejects what is no bundle', async () => {
    const { bundles } = scene()
    const { judge, judged } = judgeOf({})
    for (const bytes of [new Uint8Array(), batch(1), Uint8Array.of(8, 0, 0, 0)])
      expect(await bundles.look(bytes, { judge, atOnce: true })).toBe('malformed')
    expect(judged).toEqual([])
    expect(() => bundleCodec.encode([])).toThrow('there is nothing in it')
    expect(() => bundleCodec.encode(Array.from({ length: BUNDLE_BATCHES + 1 }, () => batch(1)))).toThrow()
  })
})

describe('hubs over real connections', () => {
  it('hear in a few messages what homes of another hub send one by one', async () => {
    const world = new Libp2pWorld()
    try {
      const first = await world.hub()
      first.subscribe('batches', async () => 'sound')
      const heard = new Set<string>()
      let bundles = 0
      const count = (name: string, { topic }: Readonly<Record<string, string>>): void => {
        if (name === 'network_messages_total' && topic === 'bundles') bundles++
      }
      const second = await world.make({ role: 'hub', listen: ['/ip4/127.0.0.1/tcp/0'] }, { count })
      second.subscribe('batches', async ({ bytes }) => {
        const isNew = !heard.has(toHex(bytes))
        heard.add(toHex(bytes))
        return isNew ? 'sound' : 'duplicate'
      })
      const [address = ''] = second.addresses()
      const deny = [address.slice(address.lastIndexOf('/p2p/'))]
      const home = await world.make({ role: 'home', listen: [], deny })
      const send = (): Promise<void> => home.publish('batches', new Uint8Array(randomBytes(300)))
      // Until the hubs have each other's subscriptions.
      while (heard.size === 0) {
        await send()
        await new Promise((next) => setTimeout(next, 200))
      }
      const [before, bundlesBefore] = [heard.size, bundles]
      await Promise.all(Array.from({ length: MANY }, send))
      while (heard.size < before + MANY) await new Promise((next) => setTimeout(next, 50))
      expect(bundles - bundlesBefore).toBeLessThan(MANY / 2)
    } finally {
      await world.end()
    }
  })
})
