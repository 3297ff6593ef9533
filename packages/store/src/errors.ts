// One error class for the package: a code a program can switch on, and a sentence that says what to do.

export type StoreErrorCode =
  | 'disk/full'
  | 'disk/failed'
  | 'store/locked'
  | 'store/newer'
  | 'store/other-network'
  | 'store/corrupt'
  | 'store/closed'
  | 'store/busy'
  | 'record/damaged'
  | 'record/too-large'
  | 'guard/conflict'
  | 'guard/too-old'
  | 'receipts/out-of-order'
  | 'receipts/invalid'
  | 'content/wrong-hash'
  | 'content/no-room'
  | 'state/unknown'
  | 'state/damaged'
  | 'evidence/full'
  | 'setting/invalid'
  | 'backup/invalid'
  | 'backup/not-empty'
  | 'backup/unfinished'

export class StoreError extends Error {
  readonly code: StoreErrorCode
  readonly context: Readonly<Record<string, unknown>>

  constructor(code: StoreErrorCode, message: string, context: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.name = 'StoreError'
    this.code = code
    this.context = context
  }
}
