import type { Address } from '../address.ts'
import type { NetworkAddresses } from '../addresses.ts'
import type { TransactionInstruction } from '../web3.ts'
import { encodeInstruction, type InstructionForm, NO_ARGS, type NoArgs, SIGNS, WRITES } from './form.ts'

export const pauseForm: InstructionForm<'authority' | 'network', NoArgs> = {
  name: 'pause',
  discriminator: 5,
  accounts: { authority: SIGNS, network: WRITES },
  args: NO_ARGS,
}

/** Stops new jobs and new roots for at most maxPause; never refunds, withdrawals and mature claims. */
export function pause(at: NetworkAddresses, authority: Address): TransactionInstruction {
  return encodeInstruction(pauseForm, {
    programId: at.programId,
    accounts: { authority, network: at.network },
    args: {},
  })
}
