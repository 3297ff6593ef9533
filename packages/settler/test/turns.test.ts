import { SlotTime } from '@piecework/testkit'
import { describe, expect, it } from 'vitest'
import { Turns } from '../src/turns.ts'

const SLOT_MS = 400

function turnsOf(byte: number): Turns {
  return new Turns({ key: new Uint8Array(32).fill(byte), slotMs: SLOT_MS, time: new SlotTime() })
}

describe('who settles alone', () => {
  it('waits for nobody, and again when the others are gone', () => {
    const turns = turnsOf(1)
    expect(turns.delay(500)).toBe(0)
    turns.sawOthers(500)
    const seen = Array.from({ length: 150 }, (_, place) => turns.delay(501 + place))
    expect(seen.filter((delay) => delay > 0).length).toBeGreaterThan(100)
    expect(turns.delay(650)).toBe(0)
  })
})

describe('those who settle together', () => {
  it('take turns, each about as often, within half a slot', () => {
    const all = [1, 2, 3].map(turnsOf)
    for (const turns of all) turns.sawOthers(0)
    const firsts = [0, 0, 0]
    for (let slot = 0; slot < 150; slot++) {
      const delays = all.map((turns) => turns.delay(slot))
      for (const delay of delays) expect(delay).toBeLessThan(SLOT_MS / 2)
      const first = delays.indexOf(Math.min(...delays))
      firsts[first] = (firsts[first] ?? 0) + 1
    }
    for (const count of firsts) expect(count).toBeGreaterThan(30)
  })
})
