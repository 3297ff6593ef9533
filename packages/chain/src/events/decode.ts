// Reads the program's log lines out of a transaction's logs.
import { Buffer } from 'node:buffer'
import type { Address } from '../address.ts'
import { viewOf } from '../codec/layout.ts'
import { ChainError } from '../errors.ts'
import { eventForms } from './forms.ts'
import type { ProgramEvent } from './types.ts'

const DATA = 'Program data: '
const BEGINS = /^Program (\w+) invoke \[\d+\]$/
const ENDS = /^Program \w+ (?:success$|failed: )/

/** Only what this program logged: another one in the same transaction can write lines that look alike. */
export function eventsIn(logs: readonly string[], programId: Address): readonly ProgramEvent[] {
  const running: string[] = []
  const events: ProgramEvent[] = []
  for (const line of logs) {
    const begun = BEGINS.exec(line)?.[1]
    if (begun !== undefined) running.push(begun)
    else if (ENDS.test(line)) running.pop()
    else if (line.startsWith(DATA) && running.at(-1) === programId) {
      events.push(decodeEvent(Buffer.from(line.slice(DATA.length), 'base64')))
    }
  }
  return events
}

export function decodeEvent(bytes: Uint8Array): ProgramEvent {
  const form = eventForms.find(({ discriminator }) => discriminator === bytes[0])
  if (form === undefined || bytes.length !== 1 + form.layout.size) {
    const message = `A log line of ${bytes.length} bytes is no known event: use the release that belongs to this program`
    throw new ChainError('event/unknown', message, { discriminator: bytes[0] })
  }
  // A form's layout reads the fields of its own name.
  return { name: form.name, fields: form.layout.read(viewOf(bytes.subarray(1)), 0) } as ProgramEvent
}
