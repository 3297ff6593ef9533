// The program's log lines, for whoever stands in for it.
import { Buffer } from 'node:buffer'
import type { Address } from '../address.ts'
import { encode, type Layout } from '../codec/layout.ts'
import { ChainError } from '../errors.ts'
import { eventForms } from './forms.ts'
import type { ProgramEvent } from './types.ts'

/** The logs of a program that ran once and said these things. */
export function logsOf(events: readonly ProgramEvent[], programId: Address): readonly string[] {
  const lines = events.map((event) => `Program data: ${encodeEvent(event).toString('base64')}`)
  return [`Program ${programId} invoke [1]`, ...lines, `Program ${programId} success`]
}

function encodeEvent({ name, fields }: ProgramEvent): Buffer {
  const form = eventForms.find((one) => one.name === name)
  if (form === undefined) throw new ChainError('event/unknown', `${name} is no event of the program`)
  const layout: Layout<unknown> = form.layout
  return Buffer.concat([Buffer.of(form.discriminator), encode(layout, fields)])
}
