// Runs the process whose disk fills up: on a small disk of its own where that can be had, and with a limit on the size
// of its files, which fails writes in the same way.
import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Outcome } from './full-disk.ts'

const PROCESS = join(import.meta.dirname, 'full-disk.ts')
/** Long enough for a slow machine, short enough to notice one that hangs. */
const DEADLINE_MS = 120_000
/** What `ulimit -f` counts in. */
const BLOCK_BYTES = 512

export interface Limit {
  readonly how: 'small disk' | 'small files'
  readonly bytes: number
}

/** In a namespace of mounts of its own, which goes with the process. */
const SMALL_DISK = 'mount -t tmpfs -o size="$1" none "$2" && exec "$3" "$4" "$2" "$5"'
const SMALL_FILES = 'ulimit -f "$1" && exec "$3" "$4" "$2" "$5"'

export function canMountSmallDisks(): boolean {
  return spawnSync('unshare', ['-rm', 'true']).status === 0
}

export async function fillDisk({ how, bytes }: Limit): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'full-'))
  const program = [folder, process.execPath, PROCESS, how]
  const [file, args]: [string, readonly string[]] =
    how === 'small disk'
      ? ['unshare', ['-rm', 'sh', '-c', SMALL_DISK, 'sh', String(bytes), ...program]]
      : ['sh', ['-c', SMALL_FILES, 'sh', String(Math.floor(bytes / BLOCK_BYTES)), ...program]]
  try {
    const { stdout } = await promisify(execFile)(file, args, { timeout: DEADLINE_MS })
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
