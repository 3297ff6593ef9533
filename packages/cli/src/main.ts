#!/usr/bin/env node
// The piecework command.
import { run } from './run.ts'
import { endWithParent, systemIo } from './system.ts'

endWithParent()
process.exitCode = await run(process.argv.slice(2), systemIo())
