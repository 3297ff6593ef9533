import { ProtocolError } from '@piecework/protocol'

/** Undefined for bytes that are not what they should be. */
export function readOrNothing<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}
