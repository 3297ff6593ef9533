// A few kills of each sort of daemon. In full: npm run -s adversary -- 23
import { expect, it } from 'vitest'
import { killNetwork } from '../src/adversary/kill/network-kills.ts'
import { thisMachine } from '../src/run/machine.ts'
import { toTable } from '../src/run/result.ts'

/** Each sort of daemon once: an epoch, and its settling. Setting the network up takes as long again. */
const MOMENTS = 1
const DEADLINE_MS = 600_000

it(
  'a network whose daemons are killed settles, signs nothing twice, and pays what was acknowledged',
  async () => {
    const measured = await killNetwork(MOMENTS)
    console.log(toTable([{ name: 'kills', machine: thisMachine(), ...measured }]))
    expect(measured.bars.filter((bar) => !bar.ok)).toEqual([])
  },
  DEADLINE_MS,
)
