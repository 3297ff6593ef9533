// Adversary 17: real processes whose clocks are two seconds late, two seconds early, or set from the one to the other and
// back while they work. The chain's slots are the time that counts: everything settles, and nothing is lost.
import type { Cast } from '@piecework/cli/local'
import { atLeast, atMost, type Measured } from '../bench/types.ts'
import { TASKS } from '../lab/play.ts'
import { playClocks } from './clocks/network.ts'
import type { Adversary, Size } from './types.ts'

const honest = (name: string) => ({ name, role: 'honest', vouched: '5' }) as const
const CASTS: Readonly<Record<Size, Cast>> = {
  /** The fewest that have clocks four seconds apart, among verifiers and among contributors. */
  short: { contributors: [honest('anna'), honest('bela')], verifiers: 2, settlers: 1 },
  full: {
    contributors: [honest('anna'), honest('bela'), honest('cleo')],
    verifiers: 3,
    settlers: 2,
  },
}
const ROUNDS: Readonly<Record<Size, number>> = { short: 1, full: 4 }

export const adversary: Adversary = {
  number: 17,
  name: 'clocks',
  about:
    'Real processes whose clocks are 2 s off, or jump by 4 s: every epoch settles, all that was done is paid.',
  run: async (size): Promise<Measured> => {
    const [cast, rounds] = [CASTS[size], ROUNDS[size]]
    const { end, off, right } = await playClocks({ cast, rounds, areOff: true })
    // In full the same story is told with right clocks too. It pays every task, so in short that is known.
    const twin = size === 'full' ? await playClocks({ cast, rounds, areOff: false }) : undefined
    const rows = twin?.end.chapters.map(({ paidRows }) => paidRows) ?? Array<number>(rounds).fill(TASKS)
    const unlike = end.chapters.filter(({ paidRows }, at) => paidRows !== rows[at])
    return {
      figures: {
        'daemons with a clock that is off': off,
        'final epoch': end.final,
        'rows done': end.signedRows,
        'rows paid': end.paidRows,
        batches: end.batches,
        ...(twin && { 'rows paid with right clocks': twin.end.paidRows }),
      },
      bars: [
        atMost('of these clocks were right', right.length, 0),
        atLeast('settled, claimed and conserved', Number(end.settled && (twin?.end.settled ?? true)), 1),
        atMost('rows done unpaid', end.signedRows - end.paidRows, 0),
        atMost('rounds in which other rows were paid than with right clocks', unlike.length, 0),
        atMost('batches that did not reach every verifier', end.batches - end.reached, 0),
        atMost('honest nodes failed', end.failed, 0),
        atMost('slashed, smallest units', Number(end.slashed), 0),
        atMost('daemons that ended by themselves', end.down.length, 0),
      ],
    }
  },
}
