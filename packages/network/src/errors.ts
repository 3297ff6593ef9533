// One error class for the package: a code a program can switch on, and a sentence that says what to do.

export type NetworkErrorCode =
  /** Nobody took a message until its deadline. */
  | 'network/nobody-listens'
  /** There is no way to the peer, or the way broke. */
  | 'network/unreachable'
  /** The peer is there, and does not answer such questions. */
  | 'network/unsupported'
  /** The peer looked at the question and refused it: with its sentence. */
  | 'network/refused'
  /** The peer, or this side, has as many questions under way as it may. */
  | 'network/busy'
  | 'network/too-long'
  | 'network/timeout'
  /** Who asked waits no longer. */
  | 'network/given-up'
  | 'network/malformed'
  | 'network/stopped'
  | 'option/invalid'

export class NetworkError extends Error {
  readonly code: NetworkErrorCode
  readonly context: Readonly<Record<string, unknown>>

  constructor(code: NetworkErrorCode, message: string, context: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.name = 'NetworkError'
    this.code = code
    this.context = context
  }
}
