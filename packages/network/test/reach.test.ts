// Whether a hub can be dialled, found out by asking others: in network namespaces, because only addresses that look
// public are tried.
import { execFile, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { ReachSaid } from './support/reach-main.ts'

const LAB = fileURLToPath(new URL('./support/reach-lab.ts', import.meta.url))
const NAMESPACES: readonly string[] = [
  ...['--map-root-user', '--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'],
]
const TRIAL =
  'mount -t tmpfs none /run && mkdir /run/netns && ip netns add a && ip link add b0 type bridge && nft add table ip t && command -v nsenter'
const DEADLINE_MS = 100_000

describe('a hub of a public network', () => {
  it('is told of when others can dial it; behind a wall it is none, and keeps a place at a relay', async (context) => {
    const { status, stderr } = spawnSync('unshare', [...NAMESPACES, 'sh', '-c', TRIAL], { encoding: 'utf8' })
    if (status !== 0) context.skip(`namespaces need Linux, unshare, nsenter, ip and nft: ${stderr}`)
    const running = await promisify(execFile)('unshare', [...NAMESPACES, process.execPath, LAB], {
      timeout: DEADLINE_MS,
      killSignal: 'SIGKILL',
    })
    const said: readonly ReachSaid[] = JSON.parse(running.stdout.trim())
    expect(said.map(({ isReached }) => isReached)).toEqual([true, true, false])
    const [first, second, walled] = said.map(({ addresses }) => addresses.join(' '))
    expect(first).toContain('/ip4/21.0.0.1/tcp/4001')
    expect(second).toContain('/ip4/22.0.0.1/tcp/4001')
    expect(walled).toContain('/p2p-circuit')
    expect(walled).not.toContain('/ip4/23.0.0.1/tcp/4001')
  })
})
