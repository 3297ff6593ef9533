// Why a transaction did nothing, from the runtime's own words to ours.
import { ChainError } from '../errors.ts'
import { programError, programErrorName } from '../program-errors/program-error.ts'
import type { Json } from './json.ts'

/** The runtime's reasons that the sender can do something about. */
const ADVICE: Readonly<Record<string, string>> = {
  AccountNotFound: 'The account that pays the fee does not exist: send some SOL to it.',
  InsufficientFundsForFee: 'The account that pays the fee has too little SOL: send some to it.',
  InsufficientFundsForRent: 'An account would keep too little SOL for its rent: send some to it.',
  ProgramAccountNotFound: 'There is no such program: check the program id and which cluster this is.',
  InvalidProgramForExecution: 'There is no such program: check the program id and which cluster this is.',
}

export interface Failure {
  /** As the RPC gives it: a word, or an object with one. */
  readonly err: Json
  readonly logs: readonly string[]
}

export function transactionError({ err, logs }: Failure): ChainError {
  const custom = customCode(err)
  const name = custom === undefined ? undefined : programErrorName(custom.code)
  if (custom !== undefined && name !== undefined) {
    return programError(name, { instruction: custom.instruction, logs })
  }
  const said = typeof err === 'string' ? err : JSON.stringify(err)
  const word = typeof err === 'object' && err !== null ? (Object.keys(err)[0] ?? '') : said
  const advice = ADVICE[word] ?? 'Look at its logs.'
  return new ChainError('transaction/refused', `The cluster refused the transaction: ${said}. ${advice}`, {
    err,
    logs,
  })
}

interface Custom {
  readonly instruction: number
  readonly code: number
}

/** {"InstructionError": [place, {"Custom": code}]} */
function customCode(err: Json): Custom | undefined {
  if (typeof err !== 'object' || err === null || !('InstructionError' in err)) return undefined
  if (!Array.isArray(err.InstructionError)) return undefined
  const [instruction, reason]: readonly Json[] = err.InstructionError
  if (typeof reason !== 'object' || reason === null || !('Custom' in reason)) return undefined
  const { Custom: code } = reason
  return typeof instruction === 'number' && typeof code === 'number' ? { instruction, code } : undefined
}
