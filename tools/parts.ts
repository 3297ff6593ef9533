// The parts Piecework is made of, and how much of each stands in this clone: read from disk, not remembered.
import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'

/** Every part of the layout, lowest layer first, with what it is for. */
const PLAN = {
  'packages/protocol': 'the rules as pure functions: formats, hashes, deal, draws, ledgers, epochs',
  'packages/work': 'kinds of work, and the sandbox they run in',
  'packages/store': 'crash-safe local storage',
  'packages/network': 'gossip and requests over libp2p',
  'packages/program': 'the Solana program, its .so and its interface description',
  'packages/chain': 'the client of the program, and the port everything else sees',
  'packages/localnet': 'a local Solana behind the standard JSON-RPC',
  'packages/settler': 'posts roots, carries claims',
  'packages/api': 'the local HTTP API of every daemon',
  'packages/cli': 'the piecework command',
  'packages/web': 'dashboard and workbench',
  'packages/sim': 'benchmarks and adversaries',
  'packages/testkit': 'clock, randomness and networks of any size for tests',
  node: 'the daemon of a contributor',
  verifier: 'the daemon of a verifier',
} as const

export interface Part {
  readonly folder: string
  readonly about: string
  /** A part is there when it explains itself (README.md) and has tests; begun when it has a folder. */
  readonly state: 'there' | 'begun' | 'not yet'
  readonly sourceFiles: number
  readonly testFiles: number
}

export function partsIn(root: string): readonly Part[] {
  return Object.entries(PLAN).map(([folder, about]) => {
    const count = (pattern: string): number => globSync(pattern, { cwd: join(root, folder) }).length
    const sourceFiles = count('src/**/*.{ts,tsx,rs}')
    const testFiles = count('test/**/*.test.ts')
    const explained = existsSync(join(root, folder, 'README.md'))
    const begun = explained || sourceFiles > 0 ? 'begun' : 'not yet'
    return { folder, about, state: explained && testFiles > 0 ? 'there' : begun, sourceFiles, testFiles }
  })
}
