// One process's measure of an epoch, and how it is asked for.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const MAIN = join(import.meta.dirname, 'main.ts')

/** Of several samples the least: whatever else the machine does can only add to it. */
export interface Timed {
  readonly receipts: number
  readonly seconds: number
  /** Of all threads of the process, so with those that collect garbage. */
  readonly cpuSeconds: number
  readonly residentGB: number
}

/** In a process of its own, so that no size finds another's garbage, or code that another has warmed up. */
export async function timeEpoch(nodes: number, samples: number): Promise<Timed> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    MAIN,
    String(nodes),
    String(samples),
  ])
  return JSON.parse(stdout) as Timed
}

/** The least of each, but for memory: the most. */
export function together(runs: readonly Timed[]): Timed {
  const least = (of: (run: Timed) => number): number => Math.min(...runs.map(of))
  return {
    receipts: least(({ receipts }) => receipts),
    seconds: least(({ seconds }) => seconds),
    cpuSeconds: least(({ cpuSeconds }) => cpuSeconds),
    residentGB: Math.max(...runs.map(({ residentGB }) => residentGB)),
  }
}
