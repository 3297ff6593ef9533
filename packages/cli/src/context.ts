// A command that runs: how it speaks to people, or to a program.
import { styleText } from 'node:util'
import { jsonText } from '@piecework/api'
import type { Io } from './io.ts'

export class Context {
  readonly io: Io
  readonly json: boolean

  constructor(io: Io, json: boolean) {
    this.io = io
    this.json = json
  }

  /** What the command was asked for: a value for programs, lines for people. */
  print(value: unknown, lines: readonly string[]): void {
    if (this.json) this.io.out(jsonText(value))
    else for (const line of lines) this.io.out(line)
  }

  /** What goes on meanwhile. */
  note(line: string): void {
    this.io.err(this.io.isTerminal && this.io.env['NO_COLOR'] === undefined ? styleText('dim', line) : line)
  }
}
