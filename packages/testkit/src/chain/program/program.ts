// The program, as the twin plays it.
import {
  addressOfKey,
  ChainError,
  COMPUTE_BUDGET_PROGRAM,
  type TransactionInstruction,
} from '@piecework/chain'
import type { Run } from '../run.ts'
import { authorityHandlers } from './authority.ts'
import { claimHandlers } from './claims.ts'
import { disputeHandlers } from './disputes.ts'
import { epochHandlers } from './epochs.ts'
import type { Handler } from './handler.ts'
import { inactiveHandlers } from './inactive.ts'
import { jobHandlers } from './jobs.ts'
import { networkHandlers } from './network.ts'
import { postHandlers } from './posts.ts'
import { rosterHandlers } from './roster.ts'
import { stakeHandlers } from './stakes.ts'
import { playTokenProgram } from './tokens.ts'

const handlers: readonly Handler[] = [
  ...networkHandlers,
  ...authorityHandlers,
  ...rosterHandlers,
  ...stakeHandlers,
  ...jobHandlers,
  ...postHandlers,
  ...epochHandlers,
  ...inactiveHandlers,
  ...disputeHandlers,
  ...claimHandlers,
]

export function play(run: Run, instruction: TransactionInstruction): void {
  if (playTokenProgram(run, instruction)) return
  const program = addressOfKey(instruction.programId)
  if (program === COMPUTE_BUDGET_PROGRAM) return
  const ours = program === run.at.programId
  if (ours && handlers.some((one) => one.play(run, instruction))) return
  const message = `The chain in memory plays the program's own instructions, and no other program's: use the local chain`
  throw new ChainError('transaction/refused', message)
}
