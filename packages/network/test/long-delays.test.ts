// Who holds up something long: with another length, with slow pieces, or because it is busy for a moment.
import { failures, PIECE_BYTES } from '@piecework/network'
import { describe, expect, it } from 'vitest'
import { LONG } from './support/long.ts'
import { honest, isLong, ONCE, Scene, type Twist } from './support/long-scene.ts'
import { Mailbox } from './support/mailbox.ts'

const silent = (): Promise<never> => new Promise(() => undefined)

interface Deadline {
  readonly milliseconds: number
  readonly end: () => void
}

/** Each wait ends when the test says so, or is given up. */
function waits() {
  const all = new Mailbox<Deadline>()
  const wait = (milliseconds: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve())
      all.put({ milliseconds, end: resolve })
    })
  return { all, wait }
}

describe('something long', () => {
  it('is asked of who says another length, and nobody waits for who said the first', async () => {
    const longer: Twist = (_, { at }) =>
      at === 0 ? { wholeBytes: 16_777_216, bytes: new Uint8Array(PIECE_BYTES) } : silent()
    const scene = await new Scene().start(longer, honest)
    scene.announced.set(0, 16_777_216)
    expect(isLong(await scene.fetch())).toBe(true)
    expect(scene.failures).toEqual([{ peer: 0, code: 'network/malformed' }])
  })

  it('comes from the others together when who says another length has nothing', async () => {
    const another: Twist = ({ bytes }) => ({ wholeBytes: LONG.length + 1, bytes })
    const scene = await new Scene().start(honest, another, honest)
    expect(isLong(await scene.fetch())).toBe(true)
    expect(new Set(scene.failures.map(({ peer }) => peer))).toEqual(new Set([1]))
    expect([0, 2].map((peer) => (scene.answered[peer]?.length ?? 0) > 1)).toEqual([true, true])
  })

  it('has a deadline with each who is asked, and comes from the next then', async () => {
    const slow: Twist = (answer, { at }) => (at === 0 ? answer : silent())
    const scene = await new Scene().start(slow, honest)
    const { all, wait } = waits()
    const fetching = scene.fetch({ wait })
    // Of all together, then of the slow one alone.
    for (let i = 0; i < 2; i++) {
      const { milliseconds, end } = await all.next()
      expect(milliseconds).toBe(10_000 + LONG.length / 187.5)
      end()
    }
    expect(isLong(await fetching)).toBe(true)
    expect(scene.failures).toEqual([{ peer: 0, code: 'network/timeout' }])
  })

  it.each(['busy', 'timeout'] as const)(
    'goes on after %s of who gave some of it, with a pause, until that happens too often',
    async (name) => {
      for (const [times, ends] of [
        [4, true],
        [5, false],
      ] as const) {
        const scene = await new Scene().start(honest)
        let [left, asked]: [number, number] = [times, 0]
        scene.failing = () => {
          if (++asked <= 4 || left === 0) return undefined
          left--
          return failures[name]({ protocol: 'piece', peer: scene.network.self })
        }
        const pauses: number[] = []
        const wait = (milliseconds: number): Promise<void> => {
          if (milliseconds !== 500) return silent()
          pauses.push(milliseconds)
          return Promise.resolve()
        }
        expect(isLong(await scene.fetch({ wait }))).toBe(ends)
        expect(pauses).toHaveLength(4)
        if (ends) expect(scene.times).toEqual(ONCE)
      }
    },
  )
})
