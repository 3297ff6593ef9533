// One error class for the daemon: a code a program can switch on, and a sentence that says what to do.

export type VerifierErrorCode =
  | 'genesis/wrong'
  | 'content/missing'
  | 'inventory/incomplete'
  | 'proposal/invalid'
  | 'state/behind'
  | 'question/refused'

export class VerifierError extends Error {
  readonly code: VerifierErrorCode
  readonly context: Readonly<Record<string, unknown>>

  constructor(code: VerifierErrorCode, message: string, context: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.name = 'VerifierError'
    this.code = code
    this.context = context
  }
}

/** What whoever asked is told. */
export function refused(why: string, context: Readonly<Record<string, unknown>> = {}): VerifierError {
  return new VerifierError('question/refused', `This is not answered: ${why}.`, context)
}
