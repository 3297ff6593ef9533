// `bench epoch`: one applyEpoch of 50,000 nodes and 1,000,000 receipts, all of it: the deal, admission, draws, outcomes,
// charges, bonds, workforce, ledgers, pages and hashes. Beside it a quarter of the work, which must not be much faster.
import { type Timed, timeEpoch, together } from './epoch/timed.ts'
import { atMost, type Bench, type Measured } from './types.ts'

const NODES = 50_000
/** Both sizes in turn, so often: what the machine does meanwhile meets both. */
const ROUNDS = 2
const SAMPLES = 4
/** A quarter of the work in a quarter of the time. */
const QUARTER_SAMPLES: number = 4 * SAMPLES

async function run(): Promise<Measured> {
  const quarters: Timed[] = []
  const wholes: Timed[] = []
  for (let round = 0; round < ROUNDS; round++) {
    quarters.push(await timeEpoch(NODES / 4, QUARTER_SAMPLES))
    wholes.push(await timeEpoch(NODES, SAMPLES))
  }
  const [quarter, whole] = [together(quarters), together(wholes)]
  // In processor time, which others on the machine lengthen least: a second of it is a second at any load.
  const growth = whole.cpuSeconds / quarter.cpuSeconds
  return {
    figures: {
      nodes: NODES,
      receipts: whole.receipts,
      seconds: round(whole.seconds),
      receiptsPerSecond: Math.round(whole.receipts / whole.seconds),
      quarterSeconds: round(quarter.seconds),
      cpuSeconds: round(whole.cpuSeconds),
      quarterCpuSeconds: round(quarter.cpuSeconds),
      growth: round(growth),
      growthByClock: round(whole.seconds / quarter.seconds),
      residentGB: round(whole.residentGB),
    },
    bars: [
      atMost('seconds for 50,000 nodes and 1,000,000 receipts', round(whole.seconds), 3),
      atMost('processor time for 4 times the work', round(growth), 4.6),
      atMost('resident memory, GB, with inputs and their making', round(whole.residentGB), 1),
    ],
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

export const bench: Bench = {
  name: 'epoch',
  about: 'applyEpoch of 50,000 nodes and 1,000,000 receipts, beside a quarter of the work',
  run,
}
