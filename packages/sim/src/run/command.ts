// The command line that benchmarks and adversaries share: one by its key, or all.
import type { Entry } from './discover.ts'
import type { Machine } from './machine.ts'
import { missed, type Result, toLine, toTable } from './result.ts'

export const EXIT_MISSED = 1
export const EXIT_USAGE = 2

export interface Command {
  /** What is run, and how it is called: 'bench' and 'NAME', or 'adversary' and 'NUMBER'. */
  readonly noun: string
  readonly argument: string
  readonly entries: readonly Entry[]
  readonly machine: Machine
  /** Results, for standard output. */
  readonly print: (text: string) => void
  /** Progress and errors, for standard error. */
  readonly tell: (text: string) => void
  /** Runs one entry in a process of its own and gives its line: so none disturbs another's memory and compiler. */
  readonly runApart: (key: string) => Promise<string>
}

function usage({ noun, argument, entries, tell }: Command, mistake: string): number {
  tell(mistake)
  tell(`usage: npm run -s ${noun} -- ${argument} [--json]`)
  tell(`       npm run -s ${noun} -- --all [--json]`)
  tell(`there is: ${entries.map((entry) => entry.key).join(', ')}`)
  return EXIT_USAGE
}

async function runOne(command: Command, entry: Entry): Promise<Result> {
  const { name, about, run } = await entry.load()
  command.tell(`${name}: ${about}`)
  return { name, ...(await run('full')), machine: command.machine }
}

async function runAll(command: Command, json: boolean): Promise<number> {
  const results: Result[] = []
  let code = 0
  for (const { key } of command.entries) {
    try {
      const line = await command.runApart(key)
      const result: Result = JSON.parse(line)
      if (json) command.print(line)
      if (missed(result)) code = EXIT_MISSED
      results.push(result)
    } catch (error) {
      command.tell(`${command.noun} ${key} gave no result: ${error instanceof Error ? error.message : error}`)
      code = EXIT_MISSED
    }
  }
  if (!json) command.print(toTable(results))
  return code
}

/** Gives the exit code: 0 when every bar is met, 1 when one is missed, 2 when the command makes no sense. */
export async function runCommand(command: Command, argv: readonly string[]): Promise<number> {
  const json = argv.includes('--json')
  const [key, ...more] = argv.filter((argument) => argument !== '--json')
  if (key === undefined || more.length > 0) return usage(command, `Say which one ${command.noun} to run.`)
  if (key === '--all') return runAll(command, json)
  const entry = command.entries.find((one) => one.key === key)
  if (entry === undefined) return usage(command, `There is no ${command.noun} '${key}'.`)
  const result = await runOne(command, entry)
  command.print(json ? toLine(result) : toTable([result]))
  return missed(result) ? EXIT_MISSED : 0
}
