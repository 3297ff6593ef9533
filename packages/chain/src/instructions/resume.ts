import type { Address } from '../address.ts'
import type { NetworkAddresses } from '../addresses.ts'
import type { TransactionInstruction } from '../web3.ts'
import { encodeInstruction, type InstructionForm, NO_ARGS, type NoArgs, SIGNS, WRITES } from './form.ts'

export const resumeForm: InstructionForm<'authority' | 'network', NoArgs> = {
  name: 'resume',
  discriminator: 6,
  accounts: { authority: SIGNS, network: WRITES },
  args: NO_ARGS,
}

/** Ends a pause. */
export function resume(at: NetworkAddresses, authority: Address): TransactionInstruction {
  return encodeInstruction(resumeForm, {
    programId: at.programId,
    accounts: { authority, network: at.network },
    args: {},
  })
}
