// A lab: Linux namespaces of users, mounts, networks and processes, in which a program lays cables as it likes. It needs
// no rights outside, and nothing of it stays: when its first process ends, all others end, and the networks with them.
import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'

/** `ip netns` names networks under /run. Files of a lab go there too, and with it. */
const ENTER = 'mount -t tmpfs none /run && mkdir /run/netns /run/tmp && export TMPDIR=/run/tmp'
const NAMESPACES: readonly string[] = [
  ...['--map-root-user', '--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'],
  ...['sh', '-c'],
]
/** What a lab is made of, each tried once: not every kernel has all of it. */
const TRIAL: string = [
  ENTER,
  'command -v nsenter socat >/dev/null',
  'ip netns add a && ip link add v0 type veth peer name v1 netns a',
  'ip link add b0 type bridge && ip tuntap add dev t0 mode tun',
  'nft add table ip t',
].join(' && ')
const MAX_OUTPUT_BYTES = 1_048_576

/** Why this machine can have none; undefined when it can. */
export function whyNoLab(): string | undefined {
  const { status, stderr, error } = spawnSync('unshare', [...NAMESPACES, TRIAL], { encoding: 'utf8' })
  if (status === 0) return undefined
  const said = error?.message ?? stderr.trim().split('\n').at(-1) ?? ''
  const needs = 'namespaces need Linux, unshare and nsenter, ip, nft and socat'
  return `${needs}; this machine says: ${said || 'one of them is missing'}`
}

export interface Experiment {
  /** The program that is the lab's first process. */
  readonly file: string
  readonly args: readonly string[]
  readonly deadlineMs: number
}

/** The last line that the program prints, read as JSON. What it says on standard error goes where ours goes. */
export async function inLab({ file, args, deadlineMs }: Experiment): Promise<unknown> {
  const run = `${ENTER} && exec "$0" "$@"`
  const running = promisify(execFile)(
    'unshare',
    [...NAMESPACES, run, process.execPath, file, ...args],
    // Only its death takes its children with it.
    { timeout: deadlineMs, killSignal: 'SIGKILL', maxBuffer: MAX_OUTPUT_BYTES },
  )
  running.child.stderr?.pipe(process.stderr)
  const { stdout } = await running
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}
