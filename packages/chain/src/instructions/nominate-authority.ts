import { type Address, NO_ADDRESS } from '../address.ts'
import type { NetworkAddresses } from '../addresses.ts'
import { address } from '../codec/scalars.ts'
import type { TransactionInstruction } from '../web3.ts'
import { args, encodeInstruction, type InstructionForm, SIGNS, WRITES } from './form.ts'

export interface NominateAuthorityArgs {
  readonly nominee: Address
}

export const nominateAuthorityForm: InstructionForm<'authority' | 'network', NominateAuthorityArgs> = {
  name: 'nominate_authority',
  discriminator: 3,
  accounts: { authority: SIGNS, network: WRITES },
  args: args<NominateAuthorityArgs>({ nominee: address }),
}

export interface NominateAuthority {
  readonly authority: Address
  /** Nobody, where it is left out: that takes a nomination back. */
  readonly nominee?: Address
}

/** Names who may become the authority by accepting. */
export function nominateAuthority(at: NetworkAddresses, input: NominateAuthority): TransactionInstruction {
  return encodeInstruction(nominateAuthorityForm, {
    programId: at.programId,
    accounts: { authority: input.authority, network: at.network },
    args: { nominee: input.nominee ?? NO_ADDRESS },
  })
}
