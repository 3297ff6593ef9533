// The commands of the local network: short ones run here, as they are typed; daemons get a process of their own.
import { join } from 'node:path'
import type { z } from 'zod'
import { CliError } from '../errors.ts'
import type { Io } from '../io.ts'
import { type Running, startChild } from './child.ts'

/** Of what a command says on standard error, told when it fails. */
const KEPT_LINES = 50

export type RunHere = (argv: readonly string[], io: Io) => Promise<number>

export interface CommandsOptions {
  readonly folder: string
  readonly logs: string
  readonly run: RunHere
  /** The Node of a process, by its name: another one for those that live in a network of their own. */
  readonly nodeOf?: (name: string) => string
}

export class Commands {
  readonly #io: Io
  readonly #folder: string
  readonly #logs: string
  readonly #run: RunHere
  readonly #main: string
  readonly #nodeOf: (name: string) => string
  /** In the order in which they were started. */
  readonly running: Running[] = []
  #isClosed = false

  constructor(io: Io, { folder, logs, run, nodeOf = () => io.node }: CommandsOptions) {
    this.#io = io
    this.#nodeOf = nodeOf
    this.#folder = folder
    this.#logs = logs
    this.#run = run
    this.#main = join(import.meta.dirname, '..', `main${import.meta.filename.slice(-3)}`)
  }

  /** From now on nothing starts: what would start after all is being stopped would be left running. */
  close(): void {
    this.#isClosed = true
  }

  #mustBeOpen(): void {
    if (this.#isClosed) throw new CliError('failed', 'The local network is stopping.')
  }

  /** What it prints with --json. */
  async here<T extends z.ZodType>(answer: T, ...argv: readonly string[]): Promise<z.output<T>> {
    this.#mustBeOpen()
    // Of one that goes on for hours, the last.
    let said = 'null'
    let errors: readonly string[] = []
    const io: Io = {
      ...this.#io,
      out: (line) => {
        said = line
      },
      err: (line) => {
        errors = [...errors, line].slice(-KEPT_LINES)
      },
      isTerminal: false,
      folder: this.#folder,
    }
    const code = await this.#run([...argv, '--json'], io)
    if (code === 0) return answer.parse(JSON.parse(said))
    throw new CliError('failed', `piecework ${argv.join(' ')} ended with ${code}:\n${errors.join('\n')}`)
  }

  /** A process of its own. */
  start(name: string, ...argv: readonly string[]): Running {
    return this.program(name, this.#main, [...argv, '--json'])
  }

  program(name: string, file: string, argv: readonly string[]): Running {
    this.#mustBeOpen()
    const running = startChild({
      name,
      argv: [file, ...argv],
      logs: this.#logs,
      node: this.#nodeOf(name),
      folder: this.#folder,
    })
    this.running.push(running)
    return running
  }
}

/** Group by group, in reverse order of start. */
export async function stopAll(groups: readonly (readonly Running[])[]): Promise<void> {
  for (const group of [...groups].reverse()) await Promise.all(group.map((one) => one.stop()))
}
