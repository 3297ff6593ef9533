// A chain, verifiers and nodes, all real processes, in networks of their own: what a link is paid is what it is.
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { inLab, whyNoLab } from '../src/lab/lab.ts'
import { linksEndForm } from '../src/links/said.ts'

const DEADLINE_MS = 900_000
const file = join(import.meta.dirname, '..', 'src', 'links', 'main.ts')

it(
  'pays a fast link in full, a narrow one less, one that is away half of the time half, and two behind one address once',
  async (context) => {
    const why = whyNoLab()
    if (why !== undefined) context.skip(why)
    const { earned, conserved, failed } = linksEndForm.parse(
      await inLab({ file, args: [], deadlineMs: DEADLINE_MS }),
    )
    const all = JSON.stringify(earned)
    expect({ conserved, failed }, all).toEqual({ conserved: true, failed: 0 })
    const { fast = 0, slow = 0, half = 0 } = earned
    const [one = 0, other = 0] = [earned['twin-0'], earned['twin-1']]
    // Measured, on a machine that does all of it at once: who has more has clearly more.
    expect(fast, all).toBeGreaterThan(0)
    expect(slow / fast, all).toBeLessThan(0.7)
    expect(half / fast, all).toBeGreaterThan(0.2)
    expect(half / fast, all).toBeLessThan(0.8)
    expect((one + other) / fast, all).toBeLessThan(1.2)
    expect(Math.min(one, other) / fast, all).toBeGreaterThan(0.25)
  },
  DEADLINE_MS,
)
