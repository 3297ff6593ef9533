// `npm run check`: formatting and lint (biome), then types (tsc). `npm run format` writes the formatting.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const bin = (name: string): string => join(root, 'node_modules', '.bin', name)

function run(label: string, command: string, args: readonly string[]): void {
  console.log(`-- ${label}`)
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

if (process.argv[2] === 'format') {
  run('formatting', bin('biome'), ['check', '--write', '.'])
} else {
  run('formatting and lint', bin('biome'), ['check', '--error-on-warnings', '.'])
  run('types', bin('tsc'), ['-p', '.'])
}
