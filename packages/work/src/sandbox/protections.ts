// Which of the system's protections are in force around the process of a task: found by trying, not by asking.
import { WorkError } from '../errors.ts'
import { askProcess, type ProcessOptions } from './process.ts'

export interface Protection {
  readonly name: string
  readonly inForce: boolean
  readonly why: string
}

/** New namespaces of Linux: a network without a single interface, and nobody else's shared memory or host name. */
const UNSHARE: readonly string[] = ['/usr/bin/unshare', '--map-current-user', '--net', '--ipc', '--uts', '--']

const PROTECTIONS: readonly (readonly [reach: string, name: string, without: string])[] = [
  ['read files', 'no file can be read', 'this Node does not enforce its permission model; Node 24 does'],
  ['write files', 'no file can be written', 'this Node does not enforce its permission model; Node 24 does'],
  ['start processes', 'no process can be started', 'this Node does not enforce its permission model'],
  ['start threads', 'no thread can be started', 'this Node does not enforce its permission model'],
  ['see the environment', 'the environment is empty', 'the system adds variables of its own'],
  [
    'see the network',
    'there is no network',
    'unshare (util-linux) is missing or may not make namespaces; allow unprivileged user namespaces',
  ],
]

/** The strongest prefix that works here: a process that nobody can start would protect, but not work. */
export async function findPrefix(options: Omit<ProcessOptions, 'prefix'>): Promise<readonly string[]> {
  try {
    await reached({ ...options, prefix: UNSHARE })
    return UNSHARE
  } catch (error) {
    // protectionsOf says that it is missing.
    if (error instanceof WorkError) return []
    throw error
  }
}

/** The module itself has no way to any of this: what is tried here is the second wall behind WebAssembly's own. */
export async function protectionsOf(options: ProcessOptions): Promise<readonly Protection[]> {
  const can = await reached(options)
  return PROTECTIONS.map(([reach, name, without]) => {
    const inForce = !can.includes(reach)
    return { name, inForce, why: inForce ? 'tried, and refused' : without }
  })
}

async function reached(options: ProcessOptions): Promise<readonly string[]> {
  const nothing = { moduleBytes: 0, inputBytes: 0, outputBytes: 0, fuel: '0' }
  const { header } = await askProcess({ ...nothing, probe: true }, [], options)
  return header.reached
}
