// The slot clock: it never goes back, says how sure it is, and believes no impossible reading.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EstimatedClock } from '../src/index.ts'

function clockAt(now: { ms: number }, fastestSlotMs = 200): EstimatedClock {
  const time = { now: () => now.ms, wait: () => Promise.resolve() }
  return new EstimatedClock({ time, slotMs: 400, fastestSlotMs })
}

describe('the slot clock', () => {
  it('knows nothing before the first reading', () => {
    const clock = clockAt({ ms: 0 })
    expect([clock.slot(), clock.uncertainty(), clock.ceiling()]).toEqual([0, Infinity, Infinity])
  })

  it('goes on between readings, and becomes less sure', () => {
    const now = { ms: 1_000 }
    const clock = clockAt(now)
    clock.observe({ slot: 500, spread: 0 }, 1_000)
    expect([clock.slot(), clock.uncertainty()]).toEqual([500, 1])
    now.ms += 4_000
    expect([clock.slot(), clock.uncertainty()]).toEqual([510, 6])
  })

  it('counts the time that an answer took as uncertainty', () => {
    const now = { ms: 2_000 }
    const clock = clockAt(now)
    clock.observe({ slot: 500, spread: 0 }, 0)
    expect(clock.uncertainty()).toBe(6)
  })

  it('counts how far endpoints are apart as uncertainty', () => {
    const clock = clockAt({ ms: 0 })
    clock.observe({ slot: 500, spread: 7 }, 0)
    expect([clock.slot(), clock.uncertainty(), clock.ceiling()]).toEqual([500, 8, 515])
  })

  it('stands still until a slow cluster has caught up', () => {
    const now = { ms: 0 }
    const clock = clockAt(now)
    clock.observe({ slot: 500, spread: 0 }, 0)
    now.ms = 40_000
    expect(clock.slot()).toBe(600)
    clock.observe({ slot: 550, spread: 0 }, 40_000)
    expect(clock.slot()).toBe(600)
    expect(clock.uncertainty()).toBeGreaterThanOrEqual(50)
  })

  it('learns how long slots take', () => {
    const now = { ms: 0 }
    const clock = clockAt(now)
    for (let slot = 1_000; slot <= 2_000; slot += 20) {
      now.ms = (slot - 1_000) * 600
      clock.observe({ slot: slot, spread: 0 }, now.ms)
    }
    const at = clock.slot()
    now.ms += 60_000
    expect(clock.slot() - at).toBeGreaterThanOrEqual(98)
    expect(clock.slot() - at).toBeLessThanOrEqual(102)
  })

  it('has a ceiling that honest readings never reach', () => {
    const now = { ms: 0 }
    const clock = clockAt(now)
    clock.observe({ slot: 1_000, spread: 0 }, 0)
    now.ms = 10_000
    expect(clock.ceiling()).toBe(1_058)
    expect(clockAt(now, 0).ceiling()).toBe(Infinity)
  })

  it('holds what it says, whatever an honest cluster does', () => {
    const step = fc.record({
      slots: fc.nat(30),
      slotMs: fc.integer({ min: 270, max: 600 }),
      delay: fc.nat(900),
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const now = { ms: 0 }
        const clock = clockAt(now)
        let [slot, shown] = [1_000, 0]
        for (const { slots, slotMs, delay } of steps) {
          slot += slots
          now.ms += slots * slotMs
          const asked = now.ms
          const read = slot
          now.ms += delay
          slot += Math.floor(delay / slotMs)
          expect(read).toBeLessThanOrEqual(clock.ceiling())
          clock.observe({ slot: read, spread: 0 }, asked)
          expect(clock.slot()).toBeGreaterThanOrEqual(shown)
          shown = clock.slot()
          expect(Math.abs(shown - slot)).toBeLessThanOrEqual(clock.uncertainty() + 1)
        }
      }),
      { numRuns: 300 },
    )
  })
})
