// The clock that adversary 17 gives its daemons is off, in every way in which it can be read.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { type Shift, shiftNow } from '../src/adversary/clocks/shifts.ts'

const PRELOAD = join(import.meta.dirname, '..', 'src', 'adversary', 'clocks', 'shift.ts')
/** Says by how much its clocks are off what it is told, for as long as it is told. */
const SAYING = `
process.stdin.setEncoding('utf8').on('data', (text) => {
  const right = Number(text)
  const all = [Date.now(), +new Date(), Date.parse(Date()), performance.timeOrigin + performance.now()]
  console.log(JSON.stringify(all.map((ms) => ms - right)))
})`
/** From the question to the answer on a busy machine; Date() knows seconds only. */
const SLACK_MS = 1_500

async function offBy(shift: Shift, isEnough: (all: readonly number[]) => boolean): Promise<void> {
  const env = { ...process.env, SHIFTED_CLOCK: JSON.stringify(shift) }
  const child = spawn(process.execPath, ['--import', PRELOAD, '--eval', SAYING], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    for (let enough = false; !enough; ) {
      child.stdin.write(`${Date.now()}\n`)
      enough = isEnough(JSON.parse((await lines.next()).value ?? '[]'))
    }
  } finally {
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }
}

describe('a clock that is off', () => {
  it.each([2_000, -2_000])('is so by %i ms', async (offsetMs) => {
    await offBy({ offsetMs }, (all) => {
      expect(all.length).toBe(4)
      for (const ms of all) expect(Math.abs(ms - offsetMs)).toBeLessThanOrEqual(SLACK_MS + 1)
      return true
    })
  })

  it('jumps to and fro', async () => {
    const seen = new Set<boolean>()
    await offBy({ offsetMs: -20_000, jump: { byMs: 40_000, everyMs: 200 } }, ([ms = 0]) => {
      expect(Math.abs(ms)).toBeGreaterThan(10_000)
      seen.add(ms > 0)
      return seen.size === 2
    })
  })

  it('is back after two jumps', () => {
    const shift = { offsetMs: -2, jump: { byMs: 4, everyMs: 10 } }
    expect([0, 9, 10, 19, 20, 35].map((ms) => shiftNow(shift, ms))).toEqual([-2, -2, 2, 2, -2, 2])
  })
})
