// One error class for the package: a code a program can switch on, and a sentence that says what to do.

export type LocalnetErrorCode =
  | 'option/invalid'
  | 'port/unavailable'
  | 'program/refused'
  | 'key/unreadable'
  | 'transaction/malformed'
  | 'ledger/locked'
  | 'ledger/newer-version'
  | 'ledger/damaged'
  | 'ledger/write-failed'

export class LocalnetError extends Error {
  readonly code: LocalnetErrorCode
  readonly context: Readonly<Record<string, unknown>>

  constructor(code: LocalnetErrorCode, message: string, context: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.name = 'LocalnetError'
    this.code = code
    this.context = context
  }
}
