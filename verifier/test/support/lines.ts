// A log that keeps its lines.
import type { Log, LogFields } from '@piecework/api'

export class Lines implements Log {
  readonly lines: { readonly level: string; readonly event: string; readonly fields: LogFields }[] = []
  readonly #at = (level: string) => {
    return (event: string, fields: LogFields = {}): void => void this.lines.push({ level, event, fields })
  }
  readonly debug: Log['debug'] = this.#at('debug')
  readonly info: Log['info'] = this.#at('info')
  readonly warn: Log['warn'] = this.#at('warn')
  readonly error: Log['error'] = this.#at('error')

  count(event: string): number {
    return this.lines.filter((line) => line.event === event).length
  }
}
