// Ties the command line to this process: its arguments, its streams, its exit code.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { runCommand } from './command.ts'
import type { Entry } from './discover.ts'
import { thisMachine } from './machine.ts'

export interface Program {
  readonly noun: string
  readonly argument: string
  readonly entries: readonly Entry[]
  /** The file to start again for each entry of `--all`. */
  readonly file: string
}

async function runApart(file: string, key: string): Promise<string> {
  const child = spawn(process.execPath, [file, key, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'close')
  const line = (await text(child.stdout)).trim()
  await ended
  if (line === '') throw new Error('its process ended without a line; what it said is above.')
  return line
}

export async function runProgram({ noun, argument, entries, file }: Program): Promise<void> {
  process.exitCode = await runCommand(
    {
      noun,
      argument,
      entries,
      machine: thisMachine(),
      print: (line) => process.stdout.write(`${line}\n`),
      tell: (line) => process.stderr.write(`${line}\n`),
      runApart: (key) => runApart(file, key),
    },
    process.argv.slice(2),
  )
}
