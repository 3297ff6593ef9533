// One error class for the package: a code a program can switch on, and a sentence that says what to do.

export type WorkErrorCode =
  | 'kind/unknown'
  | 'kind/malformed'
  | 'kind/duplicate'
  | 'spec/invalid'
  | 'spec/missing'
  | 'task/none'
  | 'task/declined'
  | 'answer/invalid'
  | 'answers/none'
  | 'verdict/missing'
  | 'content/wrong'
  | 'fetch/refused'
  | 'fetch/limit'
  | 'fetch/failed'
  | 'link/none'
  | 'link/broken'
  | 'module/malformed'
  | 'module/refused'
  | 'sandbox/input-too-long'
  | 'sandbox/no-result'

export class WorkError extends Error {
  readonly code: WorkErrorCode
  readonly context: Readonly<Record<string, unknown>>

  constructor(code: WorkErrorCode, message: string, context: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.name = 'WorkError'
    this.code = code
    this.context = context
  }
}
