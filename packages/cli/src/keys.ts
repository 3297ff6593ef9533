// Keys of a terminal, one by one as they are pressed; of a pipe, as if somebody typed them.
import { on } from 'node:events'
import { emitKeypressEvents, type Key as ReadKey } from 'node:readline'
import type { ReadStream } from 'node:tty'
import type { Key } from './work/form.ts'

/** Without waiting for the end of a line; the terminal is as it was when the reader stops. */
export async function* keysOf(input: ReadStream): AsyncGenerator<Key> {
  emitKeypressEvents(input)
  if (input.isTTY) input.setRawMode(true)
  try {
    for await (const [text, key] of on(input, 'keypress', { close: ['end'] })) yield keyOf(text, key)
  } finally {
    if (input.isTTY) input.setRawMode(false)
    input.pause()
  }
}

function keyOf(text: string | undefined, { name = '', ctrl = false, sequence = '' }: ReadKey): Key {
  const isWritten =
    !ctrl && text !== undefined && text >= ' ' && text !== '\x7f' && !sequence.startsWith('\x1b')
  return { name: name === 'enter' ? 'return' : name, text: isWritten ? text : '', ctrl }
}
