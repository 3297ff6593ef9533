// `npm run -s bench -- NAME [--json]`, `npm run -s bench -- --all [--json]`.
import { join } from 'node:path'
import { discoverBenches } from './run/discover.ts'
import { runProgram } from './run/process.ts'

await runProgram({
  noun: 'bench',
  argument: 'NAME',
  entries: discoverBenches(join(import.meta.dirname, 'bench')),
  file: import.meta.filename,
})
