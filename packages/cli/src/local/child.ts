// A process of the local network: started by the command that a user would type, ended with the one that started it.
import { type ChildProcess, spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { join } from 'node:path'
import { CliError } from '../errors.ts'

export interface Running {
  readonly name: string
  /** Of the process; undefined when it did not even start. */
  readonly pid: number | undefined
  /** The next object that it prints. */
  said(): Promise<unknown>
  /** Resolves with its exit code, when it has ended. */
  readonly ended: Promise<number>
  stop(): Promise<number>
  /** At once and unasked, as by a power cut. */
  kill(): Promise<number>
}

/** A bit more than a daemon may take to stop. */
const STOP_MS = 6_000
/** Of what it has printed and nobody has asked for. */
const MAX_LINES = 1_000

export interface Starting {
  readonly name: string
  /** Of the program that Node runs, and what follows it. */
  readonly argv: readonly string[]
  /** Where its log goes. */
  readonly logs: string
  readonly node: string
  readonly folder: string
}

/** In a process group of its own: Ctrl-C is for the one that started it, which stops all in order. */
export function startChild({ name, argv, logs, node, folder }: Starting): Running {
  const log = openSync(join(logs, `${name}.log`), 'a')
  const child = spawn(node, [...argv], {
    cwd: folder,
    detached: true,
    // The channel breaks when the parent ends, even by kill -9.
    stdio: ['ignore', 'pipe', log, 'ipc'],
  })
  const ended = endOf(child)
  const lines = new Lines()
  child.stdout?.setEncoding('utf8').on('data', (text: string) => lines.add(text))
  void ended.then((code) =>
    lines.end(new CliError('failed', `${name} ended with ${code}: ${join(logs, name)}.log says why.`)),
  )
  return {
    name,
    pid: child.pid,
    ended,
    said: () => lines.next(),
    async stop() {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      const code = await ended
      clearTimeout(late)
      return code
    },
    kill() {
      child.kill('SIGKILL')
      return ended
    },
  }
}

const KILLED = 137

function endOf(child: ChildProcess): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  child.on('error', () => resolve(KILLED))
  child.on('exit', (code) => resolve(code ?? KILLED))
  return promise
}

/** Lines of JSON as they come, for whoever waits for the next one. */
class Lines {
  readonly #waiting: PromiseWithResolvers<unknown>[] = []
  readonly #unread: unknown[] = []
  #rest = ''
  #ended: Error | undefined

  add(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#give(JSON.parse(line))
  }

  #give(value: unknown): void {
    const first = this.#waiting.shift()
    if (first !== undefined) first.resolve(value)
    else if (this.#unread.length < MAX_LINES) this.#unread.push(value)
  }

  end(error: Error): void {
    this.#ended = error
    for (const one of this.#waiting.splice(0)) one.reject(error)
  }

  next(): Promise<unknown> {
    const unread = this.#unread.shift()
    if (unread !== undefined) return Promise.resolve(unread)
    if (this.#ended !== undefined) return Promise.reject(this.#ended)
    const waiting = Promise.withResolvers<unknown>()
    this.#waiting.push(waiting)
    return waiting.promise
  }
}
