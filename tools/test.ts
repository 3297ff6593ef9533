// `npm test`: every test of the workspace, and as the last line `N passed, N failed`.
// Arguments go to vitest: `npm test -- packages/protocol`.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Summary {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numFailedTestSuites: number
}

const folder = mkdtempSync(join(tmpdir(), 'piecework-test-'))
const file = join(folder, 'summary.json')
const vitest = join(import.meta.dirname, '..', 'node_modules', 'vitest', 'vitest.mjs')
const ran = spawnSync(
  process.execPath,
  [
    vitest,
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
)

let summary: Summary | undefined
try {
  summary = JSON.parse(readFileSync(file, 'utf8'))
} catch {
  console.error('vitest ended without a summary.')
}
rmSync(folder, { recursive: true, force: true })
if (summary !== undefined) {
  // A file that fails before its first test counts as one failure: it must never look green.
  const broken = summary.numFailedTests === 0 ? summary.numFailedTestSuites : 0
  console.log(`${summary.numPassedTests} passed, ${summary.numFailedTests + broken} failed`)
}
process.exit(ran.status ?? 1)
