// What a process uses, as Linux counts it.
import { readFile } from 'node:fs/promises'

const KB = 1_024
const MB = 1_000_000
/** Of the kernel's clock for processes: the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100
/** Places in /proc/PID/stat, counted from behind the name, which may hold anything. */
const [USER_AT, SYSTEM_AT] = [11, 12]

export async function residentMB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(status)
  return (Number(found?.[1]) * KB) / MB
}

/** Of processor time since it began. */
export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[USER_AT]) + Number(fields[SYSTEM_AT])) / TICKS_PER_SECOND
}
