// One error class for the package: a code a program can switch on, and a sentence that says what to do.
import type { ProgramErrorName } from './program-errors/codes.ts'

export type ChainErrorCode =
  /** The program refused an instruction: `program` names its reason. */
  | 'program/refused'
  /** The runtime refused a transaction before or outside the program. */
  | 'transaction/refused'
  | 'transaction/too-large'
  | 'signer/refused'
  | 'signer/wrong-signature'
  | 'address/malformed'
  | 'account/missing'
  | 'account/malformed'
  /** An account of another program, kind, network or place than was asked for. */
  | 'account/not-ours'
  | 'value/out-of-range'
  | 'event/unknown'
  | 'facts/too-early'
  | 'facts/gone'
  | 'facts/incomplete'
  /** Bytes that are not the parameters of kinds whose hash is on chain. */
  | 'facts/wrong-kinds'
  | 'option/invalid'
  | 'rpc/unreachable'
  | 'rpc/timeout'
  | 'rpc/garbage'
  | 'rpc/refused'
  | 'rpc/wrong-cluster'
  /** An endpoint is behind what it, or another, has shown already. */
  | 'rpc/behind'
  /** Too few endpoints say the same. */
  | 'rpc/disagree'
  | 'chain/stopped'

export interface ChainErrorContext {
  readonly program?: ProgramErrorName
  readonly [name: string]: unknown
}

export class ChainError extends Error {
  readonly code: ChainErrorCode
  readonly context: ChainErrorContext

  constructor(code: ChainErrorCode, message: string, context: ChainErrorContext = {}) {
    super(message)
    this.name = 'ChainError'
    this.code = code
    this.context = context
  }
}

/** For errors that are answered by trying again: a defect of our own is not. */
export function unlessDefect(error: unknown): undefined {
  if (!(error instanceof ChainError)) throw error
}
