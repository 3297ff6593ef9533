import type { Address } from '../address.ts'
import type { NetworkAddresses } from '../addresses.ts'
import type { TransactionInstruction } from '../web3.ts'
import { encodeInstruction, type InstructionForm, NO_ARGS, type NoArgs, SIGNS, WRITES } from './form.ts'

export const acceptAuthorityForm: InstructionForm<'nominee' | 'network', NoArgs> = {
  name: 'accept_authority',
  discriminator: 4,
  accounts: { nominee: SIGNS, network: WRITES },
  args: NO_ARGS,
}

/** Whom the authority named becomes the authority. */
export function acceptAuthority(at: NetworkAddresses, nominee: Address): TransactionInstruction {
  return encodeInstruction(acceptAuthorityForm, {
    programId: at.programId,
    accounts: { nominee, network: at.network },
    args: {},
  })
}
