// One error class for the daemon: a code a program can switch on, and a sentence that says what to do.

export type NodeErrorCode =
  | 'config/invalid'
  | 'enrolment/invalid'
  | 'enrolment/expired'
  | 'verifiers/silent'
  | 'job/unknown'
  | 'content/missing'
  | 'claim/refused'
  | 'opening/refused'
  | 'questions/full'
  | 'questions/gone'
  | 'drafts/too-long'

export class NodeError extends Error {
  readonly code: NodeErrorCode
  readonly context: Readonly<Record<string, unknown>>

  constructor(code: NodeErrorCode, message: string, context: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.name = 'NodeError'
    this.code = code
    this.context = context
  }
}
