// A log that keeps its lines.
import type { Log, LogFields } from '@piecework/api'

export interface Line {
  readonly level: keyof Log
  readonly event: string
  readonly fields: LogFields
}

export class KeptLog implements Log {
  readonly lines: Line[] = []

  debug(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'debug', event, fields })
  }

  info(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'info', event, fields })
  }

  warn(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'warn', event, fields })
  }

  error(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'error', event, fields })
  }

  events(event: string): readonly Line[] {
    return this.lines.filter((line) => line.event === event)
  }
}
