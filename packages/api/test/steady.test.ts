import { describe, expect, it } from 'vitest'
import { type Log, type Rested, Steady } from '../src/index.ts'

function listed(): { readonly log: Log; readonly events: string[] } {
  const events: string[] = []
  const add = (event: string): void => void events.push(event)
  return { log: { debug: add, info: add, warn: add, error: add }, events }
}

/** Everything has happened that can. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((next) => setImmediate(next))
}

describe('steady', () => {
  it('runs one step at a time, for the newest news, and says trouble once until it is over', async () => {
    const { log, events } = listed()
    const seen: number[] = []
    const held: (() => void)[] = []
    let answer: () => Rested = () => undefined
    const steady = new Steady<number>(
      'test',
      async (news) => {
        seen.push(news)
        await new Promise<void>((resolve) => held.push(resolve))
        return answer()
      },
      { log, now: () => 7 },
    )
    const next = async (news: number): Promise<void> => {
      steady.see(news)
      held.shift()?.()
      await settled()
    }
    for (const news of [1, 2, 3]) steady.see(news)
    expect(seen).toEqual([1])
    answer = () => {
      throw new Error('no job')
    }
    held.shift()?.()
    await settled()
    expect(seen).toEqual([1, 3])
    held.shift()?.()
    await settled()
    expect(steady.trouble).toEqual({ stage: 'test', why: 'no job', since: 7 })
    expect(events).toHaveLength(1)
    answer = () => 'rested'
    await next(4)
    held.shift()?.()
    await settled()
    expect(steady.trouble).toBeDefined()
    answer = () => undefined
    await next(5)
    held.shift()?.()
    await settled()
    expect(steady.trouble).toBeUndefined()
    expect(events).toEqual(['stage-waits', 'stage-goes-on'])
    await steady.stop()
    steady.see(6)
    expect(seen).not.toContain(6)
  })
})
