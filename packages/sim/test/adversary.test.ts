// Every adversary, with counts that keep it short. In full: npm run -s adversary -- NUMBER
import { join } from 'node:path'
import { describe, expect, it, type TestContext } from 'vitest'
import { discoverAdversaries } from '../src/run/discover.ts'
import { thisMachine } from '../src/run/machine.ts'
import { toTable } from '../src/run/result.ts'

const adversaries = discoverAdversaries(join(import.meta.dirname, '..', 'src', 'adversary'))
const machine = thisMachine()

/** The list of adversaries this project holds itself to has this many. */
const LISTED = 25
/** Some start networks of real processes, which on a busy machine take several times as long. */
const DEADLINE_MS = 300_000

describe('adversaries', () => {
  it('are known by their number in the list', () => {
    for (const { key } of adversaries) expect(Number(key) >= 1 && Number(key) <= LISTED, key).toBe(true)
  })

  for (const entry of adversaries) {
    const stays = async (context: TestContext): Promise<void> => {
      const { name, run } = await entry.load()
      const measured = await run('short')
      console.log(toTable([{ name, machine, ...measured }]))
      if (measured.skipped !== undefined) context.skip(measured.skipped)
      expect(measured.bars.length).toBeGreaterThan(0)
      expect(measured.bars.filter((bar) => !bar.ok)).toEqual([])
    }
    it(`adversary ${entry.key} stays within its bars`, stays, DEADLINE_MS)
  }
})
