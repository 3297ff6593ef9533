// One error class for the package: a code that is counted, and a sentence that says what to do.

export type SettlerErrorCode =
  /** A verifier did not answer in time. */
  | 'verifier/late'
  | 'relay/not-ready'
  | 'relay/malformed'
  | 'relay/commons'
  | 'relay/root-not-kept'
  | 'relay/wrong-proof'
  | 'relay/nothing-due'
  | 'relay/below-least'
  | 'relay/fee-too-small'
  | 'relay/no-page'
  | 'relay/busy'
  | 'relay/wallet-limit'
  | 'relay/total-limit'
  | 'relay/no-sol'
  /** The chain refused what looked right a moment ago. */
  | 'relay/refused'
  /** It may still land. */
  | 'relay/unknown'

export class SettlerError extends Error {
  readonly code: SettlerErrorCode

  constructor(code: SettlerErrorCode, message: string) {
    super(message)
    this.name = 'SettlerError'
    this.code = code
  }
}
