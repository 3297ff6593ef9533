// One error class for the package: a code a program can switch on, and a sentence that says what to do.

export type ProtocolErrorCode =
  | 'bytes/malformed'
  | 'bytes/too-long'
  | 'signature/bad-key'
  | 'signature/invalid'
  | 'enrolment/invalid'
  | 'batch/wrong-network'
  | 'batch/wrong-epoch'
  | 'batch/broken-chain'
  | 'batch/equivocation'
  | 'batch/invalid'
  | 'inventory/mismatch'
  | 'report/invalid'
  | 'ledger/no-such-index'
  | 'ledger/bad-amount'
  | 'facts/invalid'
  | 'inputs/invalid'
  | 'state/malformed'
  | 'state/wrong-hash'

export class ProtocolError extends Error {
  readonly code: ProtocolErrorCode
  readonly context: Readonly<Record<string, unknown>>

  constructor(code: ProtocolErrorCode, message: string, context: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.name = 'ProtocolError'
    this.code = code
    this.context = context
  }
}
