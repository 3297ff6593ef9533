// `npm run -s adversary -- NUMBER [--json]`, `npm run -s adversary -- --all [--json]`: in full size.
import { join } from 'node:path'
import { discoverAdversaries } from './run/discover.ts'
import { runProgram } from './run/process.ts'

await runProgram({
  noun: 'adversary',
  argument: 'NUMBER',
  entries: discoverAdversaries(join(import.meta.dirname, 'adversary')),
  file: import.meta.filename,
})
