// What the figures were measured on: without it they can be compared with nothing.
import { availableParallelism, cpus, release, totalmem } from 'node:os'

export interface Machine {
  readonly node: string
  readonly system: string
  readonly processor: string
  readonly cores: number
  readonly memoryGB: number
}

export function thisMachine(): Machine {
  return {
    node: process.version,
    system: `${process.platform} ${process.arch} ${release()}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGB: Math.round(totalmem() / 2 ** 30),
  }
}
