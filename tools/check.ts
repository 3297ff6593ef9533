// `npm run check`: formatting and lint (biome), types (tsc).
// `npm run format` writes the formatting. Every check runs, so that one look shows everything.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

function passes(label: string, tool: string, ...args: readonly string[]): boolean {
  console.log(`-- ${label}`)
  const { status, error } = spawnSync(join(root, 'node_modules', '.bin', tool), args, {
    cwd: root,
    stdio: 'inherit',
  })
  if (error) console.error(`${tool} does not start: ${error.message}`)
  return status === 0
}

const wanted = process.argv[2]
if (wanted === 'format') {
  process.exitCode = passes('formatting', 'biome', 'check', '--write', '.') ? 0 : 1
} else if (wanted === undefined) {
  const results = [
    passes('formatting and lint', 'biome', 'check', '--error-on-warnings', '.'),
    passes('types', 'tsc', '-p', '.'),
  ]
  process.exitCode = results.includes(false) ? 1 : 0
} else {
  console.error(`npm run check does not know '${wanted}'; there is: npm run check, npm run format.`)
  process.exitCode = 2
}
