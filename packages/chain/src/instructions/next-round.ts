import type { NetworkAddresses } from '../addresses.ts'
import { epochNumber, natural } from '../codec/scalars.ts'
import type { TransactionInstruction } from '../web3.ts'
import { args, encodeInstruction, type InstructionForm, WRITES } from './form.ts'

export interface NextRoundArgs {
  /** Of the epoch. */
  readonly number: number
  /** The round that ends. */
  readonly round: number
}

export const nextRoundForm: InstructionForm<'epoch', NextRoundArgs> = {
  name: 'next_round',
  discriminator: 18,
  accounts: { epoch: WRITES },
  args: args<NextRoundArgs>({ number: epochNumber, round: natural }),
}

/** After the round's slots without a quorum: clears candidate and votes. */
export function nextRound(at: NetworkAddresses, { number, round }: NextRoundArgs): TransactionInstruction {
  return encodeInstruction(nextRoundForm, {
    programId: at.programId,
    accounts: { epoch: at.epoch(number) },
    args: { number, round },
  })
}
