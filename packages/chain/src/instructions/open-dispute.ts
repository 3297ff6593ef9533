import { type Address, SYSTEM_PROGRAM } from '../address.ts'
import type { NetworkAddresses } from '../addresses.ts'
import { rest } from '../codec/compound.ts'
import { address, hash, natural, u64 } from '../codec/scalars.ts'
import type { TransactionInstruction } from '../web3.ts'
import { type LedgerName, ledgerName } from '../words.ts'
import { args, encodeInstruction, type InstructionForm, PAYS, READS, WRITES } from './form.ts'

export interface OpenDisputeArgs {
  readonly ledger: LedgerName
  readonly index: number
  /** The leaf under the latest final root, as are owner and detail. */
  readonly amount: bigint
  readonly owner: Address
  readonly detail: Uint8Array
  readonly proof: readonly Uint8Array[]
}

export type OpenDisputeAccount = 'disputer' | 'network' | 'epoch' | 'dispute' | 'systemProgram'

export const openDisputeForm: InstructionForm<OpenDisputeAccount, OpenDisputeArgs> = {
  name: 'open_dispute',
  discriminator: 21,
  accounts: { disputer: PAYS, network: READS, epoch: READS, dispute: WRITES, systemProgram: READS },
  args: args<OpenDisputeArgs>({
    ledger: ledgerName,
    index: natural,
    amount: u64,
    owner: address,
    detail: hash,
    proof: rest(hash),
  }),
}

export interface OpenDispute extends OpenDisputeArgs {
  readonly disputer: Address
  /** The epoch of the candidate. */
  readonly epoch: number
}

/** Proves a leaf under the latest final root, to be compared with the candidate's. */
export function openDispute(at: NetworkAddresses, input: OpenDispute): TransactionInstruction {
  const { disputer, epoch, ...leaf } = input
  return encodeInstruction(openDisputeForm, {
    programId: at.programId,
    accounts: {
      disputer,
      network: at.network,
      epoch: at.epoch(epoch),
      dispute: at.dispute({ epoch, ledger: leaf.ledger, index: leaf.index, disputer }),
      systemProgram: SYSTEM_PROGRAM,
    },
    args: leaf,
  })
}
