// Why a transaction failed, in the JSON form that Solana's RPC gives, from litesvm's numbers and classes.
import {
  type FailedTransactionMetadata,
  InstructionErrorCustom,
  TransactionErrorDuplicateInstruction,
  TransactionErrorInstructionError,
  TransactionErrorInsufficientFundsForRent,
  TransactionErrorProgramExecutionTemporarilyRestricted,
} from 'litesvm/dist/internal.js'
import { INSTRUCTION_ERRORS, TRANSACTION_ERRORS } from './error-names.ts'

export type InstructionError = string | { readonly Custom: number }

export type TransactionError =
  | string
  | { readonly InstructionError: readonly [index: number, error: InstructionError] }
  | { readonly DuplicateInstruction: number }
  | { readonly InsufficientFundsForRent: { readonly account_index: number } }
  | { readonly ProgramExecutionTemporarilyRestricted: { readonly account_index: number } }

type LitesvmError = ReturnType<FailedTransactionMetadata['err']>
type LitesvmInstructionError = ReturnType<TransactionErrorInstructionError['err']>

export function readTransactionError(error: LitesvmError): TransactionError {
  if (error instanceof TransactionErrorInstructionError) {
    return { InstructionError: [error.index, readInstructionError(error.err())] }
  }
  if (error instanceof TransactionErrorDuplicateInstruction) return { DuplicateInstruction: error.index }
  if (error instanceof TransactionErrorInsufficientFundsForRent) {
    return { InsufficientFundsForRent: { account_index: error.accountIndex } }
  }
  if (error instanceof TransactionErrorProgramExecutionTemporarilyRestricted) {
    return { ProgramExecutionTemporarilyRestricted: { account_index: error.accountIndex } }
  }
  return TRANSACTION_ERRORS[Number(error)]?.[0] ?? 'SanitizeFailure'
}

function readInstructionError(error: LitesvmInstructionError): InstructionError {
  if (error instanceof InstructionErrorCustom) return { Custom: error.code }
  return INSTRUCTION_ERRORS[Number(error)]?.[0] ?? 'GenericError'
}

/** The sentence a real cluster puts after 'Transaction simulation failed: '. */
export function describeError(error: TransactionError): string {
  if (typeof error === 'string') return sentence(TRANSACTION_ERRORS, error)
  if ('InstructionError' in error) {
    const [index, cause] = error.InstructionError
    return `Error processing Instruction ${index}: ${describeInstructionError(cause)}`
  }
  if ('DuplicateInstruction' in error) {
    return `Transaction contains a duplicate instruction (${error.DuplicateInstruction}) that is not allowed`
  }
  if ('InsufficientFundsForRent' in error) {
    const index = error.InsufficientFundsForRent.account_index
    return `Transaction results in an account (${index}) with insufficient funds for rent`
  }
  const index = error.ProgramExecutionTemporarilyRestricted.account_index
  return `Execution of the program referenced by account at index ${index} is temporarily restricted.`
}

function describeInstructionError(error: InstructionError): string {
  if (typeof error === 'string') return sentence(INSTRUCTION_ERRORS, error)
  return `custom program error: 0x${error.Custom.toString(16)}`
}

function sentence(table: typeof TRANSACTION_ERRORS, name: string): string {
  return table.find(([known]) => known === name)?.[1] ?? name
}
