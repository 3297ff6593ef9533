// What became of an exchange with a peer, from whatever libp2p threw.
import { NetworkError } from '../errors.ts'
import { type Asked, failures } from '../exchange.ts'
import type { Deadline } from './deadline.ts'

export interface Failed {
  readonly asked: Asked
  readonly deadline: Deadline
  readonly stopping: AbortSignal
}

export function failureOf(error: unknown, { asked, deadline, stopping }: Failed): NetworkError {
  if (deadline.isOver()) return failures.timeout(asked)
  if (stopping.aborted) return failures.stopped(asked)
  if (asked.signal?.aborted === true) return failures.givenUp(asked)
  if (error instanceof NetworkError) return error
  if (!(error instanceof Error)) return failures.unreachable(asked, String(error))
  if (error.name === 'UnsupportedProtocolError') return failures.unsupported(asked)
  return failures.unreachable(asked, error.message.replace(/\.$/, ''))
}
