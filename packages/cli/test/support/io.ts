// A command's terminal in a test: what it says is kept.
import { EventEmitter } from 'node:events'
import type { Io } from '../../src/io.ts'
import { run } from '../../src/run.ts'
import { systemIo } from '../../src/system.ts'

export interface Played {
  readonly code: number
  readonly out: readonly string[]
  readonly err: readonly string[]
  /** Its last line, as JSON. */
  readonly json: () => Record<string, unknown>
}

class NoProcess extends EventEmitter {
  exit(): void {}
}

export interface Playing {
  readonly folder: string
  readonly env?: Readonly<Record<string, string>>
}

export function ioFor({ folder, env = {} }: Playing, out: string[], err: string[]): Io {
  return {
    ...systemIo(),
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    isTerminal: false,
    env,
    folder,
    process: new NoProcess(),
  }
}

export async function piecework(playing: Playing, ...argv: readonly string[]): Promise<Played> {
  const out: string[] = []
  const err: string[] = []
  const code = await run(argv, ioFor(playing, out, err))
  return { code, out, err, json: () => JSON.parse(out.at(-1) ?? 'null') }
}
