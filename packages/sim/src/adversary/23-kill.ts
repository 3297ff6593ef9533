// Adversary 23: a real process that signs, killed with -9 at drawn moments, and started again on what it left behind; in
// full, also each sort of daemon of a network that works.
import type { Measured } from '../bench/types.ts'
import { killNetwork } from './kill/network-kills.ts'
import { killWriters } from './storage/writer-kills.ts'
import type { Adversary, Size } from './types.ts'

const KILLS: Readonly<Record<Size, number>> = { short: 10, full: 1_000 }
/** Of each sort of daemon. The short size is a test of its own: it takes a minute and a half. */
const MOMENTS = 20

export const adversary: Adversary = {
  number: 23,
  name: 'kill -9',
  about:
    'A process that signs and stores is killed at drawn moments: nothing signed twice, nothing acknowledged lost.',
  run: async (size): Promise<Measured> => {
    const writer = await killWriters(KILLS[size])
    if (size === 'short') return writer
    const network = await killNetwork(MOMENTS)
    return { figures: { ...writer.figures, ...network.figures }, bars: [...writer.bars, ...network.bars] }
  },
}
