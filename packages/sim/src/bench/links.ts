// `bench links`: a chain, verifiers and nodes, all real processes in networks of their own, with links of different sorts:
// what a link is paid is what it is. Measured, and so no unit test: a machine that is busy measures slow links.
import { join } from 'node:path'
import { inLab, whyNoLab } from '../lab/lab.ts'
import { linksEndForm } from '../links/said.ts'
import { atLeast, atMost, type Bench } from './types.ts'

const DEADLINE_MS = 900_000
const file = join(import.meta.dirname, '..', 'links', 'main.ts')

export const bench: Bench = {
  name: 'links',
  about:
    'What links are paid: a fast one, one with a fifth of what is asked for, one that is away half of the time, two behind one address.',
  run: async () => {
    const skipped = whyNoLab()
    if (skipped !== undefined) return { figures: {}, bars: [], skipped }
    const said = await inLab({ file, args: [], deadlineMs: DEADLINE_MS })
    const { earned, conserved, failed } = linksEndForm.parse(said)
    const { fast = 0, slow = 0, half = 0 } = earned
    const twins = (earned['twin-0'] ?? 0) + (earned['twin-1'] ?? 0)
    const part = (pay: number): number => pay / Math.max(1, fast)
    return {
      figures: earned,
      bars: [
        atLeast('conserved', Number(conserved), 1),
        atMost('stints failed', failed, 0),
        atLeast('the fast one, smallest units', fast, 1),
        atMost('the slow one, of the fast one', part(slow), 0.7),
        // Who is away when it should have signed loses that epoch whole.
        atLeast('the one that is half away, smallest units', half, 1),
        atMost('the one that is half away, of the fast one', part(half), 0.8),
        atMost('both behind one address, of the fast one', part(twins), 1.2),
      ],
    }
  },
}
