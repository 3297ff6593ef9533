// What a transaction may use, and pays to be first: on a busy cluster nothing lands without it.

import type { TransactionInstruction } from './port.ts'
import { ComputeBudgetProgram } from './web3.ts'

export interface ComputeBudget {
  /** The most it may use; without it, 200,000 for each instruction. */
  readonly units: number
  /** Millionths of a lamport for each unit, on top of the fee. */
  readonly microLamportsPerUnit: bigint
}

/** To be put before the other instructions; takes 52 bytes. */
export function computeBudget({
  units,
  microLamportsPerUnit,
}: ComputeBudget): readonly TransactionInstruction[] {
  return [
    ComputeBudgetProgram.setComputeUnitLimit({ units }),
    ComputeBudgetProgram.setComputeUnitPrice({ microLamports: microLamportsPerUnit }),
  ]
}
