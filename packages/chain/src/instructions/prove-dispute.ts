import { type Address, TOKEN_PROGRAM } from '../address.ts'
import type { DisputePlace, NetworkAddresses } from '../addresses.ts'
import { rest } from '../codec/compound.ts'
import { address, hash, u64 } from '../codec/scalars.ts'
import type { TransactionInstruction } from '../web3.ts'
import { args, encodeInstruction, type InstructionForm, READS, WRITES } from './form.ts'

export interface ProveDisputeArgs {
  /** The leaf under the candidate, as are owner and detail. */
  readonly amount: bigint
  readonly owner: Address
  readonly detail: Uint8Array
  readonly proof: readonly Uint8Array[]
}

export type ProveDisputeAccount =
  | 'disputer'
  | 'network'
  | 'epoch'
  | 'dispute'
  | 'roster'
  | 'mint'
  | 'stakeVault'
  | 'destination'
  | 'tokenProgram'

export const proveDisputeForm: InstructionForm<ProveDisputeAccount, ProveDisputeArgs> = {
  name: 'prove_dispute',
  discriminator: 22,
  accounts: {
    disputer: WRITES,
    network: WRITES,
    epoch: WRITES,
    dispute: WRITES,
    roster: WRITES,
    mint: WRITES,
    stakeVault: WRITES,
    destination: WRITES,
    tokenProgram: READS,
  },
  args: args<ProveDisputeArgs>({ amount: u64, owner: address, detail: hash, proof: rest(hash) }),
}

export interface ProveDispute extends ProveDisputeArgs {
  /** The opened dispute. */
  readonly dispute: DisputePlace
  readonly mint: Address
  /** A token account that the disputer owns. */
  readonly destination: Address
}

/** Proves the leaf at the same index under the candidate: a smaller amount or another owner cancels the candidate. */
export function proveDispute(at: NetworkAddresses, input: ProveDispute): TransactionInstruction {
  const { dispute, mint, destination, ...leaf } = input
  return encodeInstruction(proveDisputeForm, {
    programId: at.programId,
    accounts: {
      disputer: dispute.disputer,
      network: at.network,
      epoch: at.epoch(dispute.epoch),
      dispute: at.dispute(dispute),
      roster: at.roster,
      mint,
      stakeVault: at.stakeVault,
      destination,
      tokenProgram: TOKEN_PROGRAM,
    },
    args: leaf,
  })
}
