// From the number that a transaction reports to an error that says what happened and what to do.
import { ChainError, type ChainErrorContext } from '../errors.ts'
import { programErrorAdvice } from './advice.ts'
import { type ProgramErrorName, programErrorCodes } from './codes.ts'
import { programErrorMessages } from './messages.ts'

const namesByCode: ReadonlyMap<number, ProgramErrorName> = new Map(
  Object.entries(programErrorCodes).map(([name, code]) => [code, name as ProgramErrorName]),
)

export function programErrorName(code: number): ProgramErrorName | undefined {
  return namesByCode.get(code)
}

export function programError(name: ProgramErrorName, context: ChainErrorContext = {}): ChainError {
  const message = `${programErrorMessages[name]} ${programErrorAdvice[name]}`
  return new ChainError('program/refused', message, { ...context, program: name })
}
