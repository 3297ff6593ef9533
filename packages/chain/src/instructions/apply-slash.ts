import { type Address, TOKEN_PROGRAM } from '../address.ts'
import type { NetworkAddresses } from '../addresses.ts'
import { rest } from '../codec/compound.ts'
import { epochNumber, hash, u64 } from '../codec/scalars.ts'
import type { TransactionInstruction } from '../web3.ts'
import { args, encodeInstruction, type InstructionForm, READS, WRITES } from './form.ts'

export interface ApplySlashArgs {
  /** One of the kept roots. */
  readonly rootEpoch: number
  /** The leaf's amount: ever slashed. */
  readonly amount: bigint
  /** The slashes leaf's detail. */
  readonly detail: Uint8Array
  readonly proof: readonly Uint8Array[]
}

export type ApplySlashAccount = 'network' | 'roster' | 'verifier' | 'mint' | 'stakeVault' | 'tokenProgram'

export const applySlashForm: InstructionForm<ApplySlashAccount, ApplySlashArgs> = {
  name: 'apply_slash',
  discriminator: 25,
  accounts: {
    network: WRITES,
    roster: WRITES,
    verifier: WRITES,
    mint: WRITES,
    stakeVault: WRITES,
    tokenProgram: READS,
  },
  args: args<ApplySlashArgs>({ rootEpoch: epochNumber, amount: u64, detail: hash, proof: rest(hash) }),
}

export interface ApplySlash extends ApplySlashArgs {
  readonly id: number
  readonly mint: Address
}

/** Burns what a verifier's slashes leaf says and was not applied yet, at most maxSlash of its stake per epoch. */
export function applySlash(at: NetworkAddresses, { id, mint, ...leaf }: ApplySlash): TransactionInstruction {
  return encodeInstruction(applySlashForm, {
    programId: at.programId,
    accounts: {
      network: at.network,
      roster: at.roster,
      verifier: at.verifier(id),
      mint,
      stakeVault: at.stakeVault,
      tokenProgram: TOKEN_PROGRAM,
    },
    args: leaf,
  })
}
