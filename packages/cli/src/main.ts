#!/usr/bin/env node
// The piecework command.
import { enableCompileCache } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { endWithParent, systemIo } from './system.ts'

endWithParent()
// What was compiled once starts in half the time, and without the compiler in memory.
enableCompileCache()
// A contributor's node has a machine to share: small before fast. Its work runs in processes of its own.
if (process.argv[2] === 'node') setFlagsFromString('--optimize-for-size')
const { run } = await import('./run.ts')
// What it left waiting, such as a question to a chain that it has stopped, must not keep it from ending.
process.exit(await run(process.argv.slice(2), systemIo()))
