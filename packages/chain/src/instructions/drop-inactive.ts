import type { NetworkAddresses } from '../addresses.ts'
import { epochNumber, u64 } from '../codec/scalars.ts'
import type { TransactionInstruction } from '../web3.ts'
import { args, encodeInstruction, type InstructionForm, READS, WRITES } from './form.ts'

export interface DropInactiveArgs {
  /** Of the epoch. */
  readonly number: number
  /** Bit i: seat i; each must be inactive. */
  readonly seats: bigint
}

export const dropInactiveForm: InstructionForm<'network' | 'epoch', DropInactiveArgs> = {
  name: 'drop_inactive',
  discriminator: 11,
  accounts: { network: READS, epoch: WRITES },
  args: args<DropInactiveArgs>({ number: epochNumber, seats: u64 }),
}

/** Seats that neither posted nor voted for inactiveEpochs times L slots no longer count for quorums of this epoch. */
export function dropInactive(
  at: NetworkAddresses,
  { number, seats }: DropInactiveArgs,
): TransactionInstruction {
  return encodeInstruction(dropInactiveForm, {
    programId: at.programId,
    accounts: { network: at.network, epoch: at.epoch(number) },
    args: { number, seats },
  })
}
