// What `npm start` runs, whole: separate processes, libp2p between them, the compiled program on the local chain.
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './support/sources.ts'

/** Two epochs and their settling are 40 seconds; this machine may be slow, and other tests run beside. */
const DEADLINE_MS = 300_000

interface Ended {
  readonly code: number | null
  readonly lines: readonly string[]
  readonly progress: string
}

function localStart(
  argv: readonly string[],
  onProgress: (text: string, stop: () => void) => void,
): Promise<Ended> {
  const main = join(root, 'packages', 'cli', 'src', 'main.ts')
  const child = spawn(process.execPath, [main, 'local', 'start', ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { promise, resolve } = Promise.withResolvers<Ended>()
  let [out, progress] = ['', '']
  child.stdout.on('data', (bytes) => (out += bytes))
  child.stderr.on('data', (bytes) => {
    progress += bytes
    onProgress(progress, () => child.kill('SIGINT'))
  })
  child.on('close', (code) => resolve({ code, lines: out.trim().split('\n'), progress }))
  return promise
}

const leftBehind = (): readonly string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('piecework-local-') && !name.includes('test'))

describe('local start', () => {
  it(
    'runs two epochs to their final roots and claims, and every unit is where it should be',
    async () => {
      const before = leftBehind()
      const { code, lines, progress } = await localStart(['--epochs', '2', '--json'], () => {})
      expect(code, progress).toBe(0)
      const summary = JSON.parse(lines.at(-1) ?? '')
      expect(summary).toMatchObject({ epochs: 2, conserved: true, complete: true, refunded: '0' })
      expect(BigInt(summary.charged)).toBe(BigInt(summary.paid) + BigInt(summary.held))
      const by = (role: string) => summary.contributors.filter((one: { role: string }) => one.role === role)
      expect(by('honest')).toHaveLength(3)
      for (const one of by('honest')) {
        expect(one.outcome).toBe('paid')
        expect(BigInt(one.claimed)).toBeGreaterThan(0n)
        expect(one.claimed).toBe(one.earned)
      }
      expect(by('faker')).toMatchObject([{ outcome: 'failed', earned: '0', claimed: '0', bond: '0' }])
      expect(summary.results.delivered).toBeGreaterThan(0)
      expect(leftBehind()).toEqual(before)
    },
    DEADLINE_MS,
  )

  // While it is being set up, and while results are followed.
  it.each(['verifiers run', 'work is dealt'])(
    'stops cleanly when it is told to at %j',
    async (at) => {
      const before = leftBehind()
      const { code, progress } = await localStart(['--json'], (text, stop) => {
        if (text.includes(at)) stop()
      })
      expect(code, progress).toBe(0)
      expect(progress).toContain('stopping')
      expect(leftBehind()).toEqual(before)
    },
    DEADLINE_MS,
  )
})
