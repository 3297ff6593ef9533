// A process of its own that applies one epoch of a network of so many nodes: `node --expose-gc main.ts NODES SAMPLES`.
// It prints one line: a `Timed` as JSON.
import { applyEpoch } from '@piecework/protocol'
import { epochOfNetwork } from './network.ts'
import type { Timed } from './timed.ts'

/** Applied before anything is measured: by then the hot code is compiled, at every size alike. */
const WARM_SAMPLES = 2

/** What the input's making or a sample before left behind is not this sample's to clear away. */
function collectGarbage(): void {
  if (globalThis.gc === undefined) throw new Error('Start this with --expose-gc.')
  globalThis.gc()
}

const [nodes = 0, samples = 0] = process.argv.slice(2).map(Number)
const { epoch, receipts } = epochOfNetwork(nodes)
for (let i = 0; i < WARM_SAMPLES; i++) applyEpoch(epoch)
const seconds: number[] = []
const cpuSeconds: number[] = []
for (let i = 0; i < samples; i++) {
  collectGarbage()
  const [started, cpu] = [performance.now(), process.cpuUsage()]
  applyEpoch(epoch)
  const { user, system } = process.cpuUsage(cpu)
  seconds.push((performance.now() - started) / 1000)
  cpuSeconds.push((user + system) / 1e6)
}
const residentGB = process.resourceUsage().maxRSS / 1024 ** 2
const timed: Timed = {
  receipts,
  seconds: Math.min(...seconds),
  cpuSeconds: Math.min(...cpuSeconds),
  residentGB,
}
process.stdout.write(`${JSON.stringify(timed)}\n`)
