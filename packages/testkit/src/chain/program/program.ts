// The program, as far as the twin plays it.
import {
  addressOfKey,
  ChainError,
  COMPUTE_BUDGET_PROGRAM,
  type TransactionInstruction,
} from '@piecework/chain'
import type { Run } from '../run.ts'
import { claimHandlers } from './claims.ts'
import { epochHandlers } from './epochs.ts'
import type { Handler } from './handler.ts'
import { jobHandlers } from './jobs.ts'
import { networkHandlers } from './network.ts'
import { postHandlers } from './posts.ts'
import { rosterHandlers } from './roster.ts'
import { playTokenProgram } from './tokens.ts'

const handlers: readonly Handler[] = [
  ...networkHandlers,
  ...rosterHandlers,
  ...jobHandlers,
  ...postHandlers,
  ...epochHandlers,
  ...claimHandlers,
]

export const PLAYED: readonly string[] = handlers.map(({ name }) => name)

export function play(run: Run, instruction: TransactionInstruction): void {
  if (playTokenProgram(run, instruction)) return
  const program = addressOfKey(instruction.programId)
  if (program === COMPUTE_BUDGET_PROGRAM) return
  const ours = program === run.at.programId
  if (ours && handlers.some((one) => one.play(run, instruction))) return
  const message = `The chain in memory plays ${PLAYED.join(', ')}, and no other instruction: use the local chain`
  throw new ChainError('transaction/refused', message)
}
