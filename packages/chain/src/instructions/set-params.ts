import type { Address } from '../address.ts'
import type { NetworkAddresses } from '../addresses.ts'
import { type Params, paramsLayout } from '../structs/params.ts'
import type { TransactionInstruction } from '../web3.ts'
import { args, encodeInstruction, type InstructionForm, SIGNS, WRITES } from './form.ts'

export interface SetParamsArgs {
  readonly params: Params
}

export const setParamsForm: InstructionForm<'authority' | 'network', SetParamsArgs> = {
  name: 'set_params',
  discriminator: 2,
  accounts: { authority: SIGNS, network: WRITES },
  args: args<SetParamsArgs>({ params: paramsLayout }),
}

export interface SetParams extends SetParamsArgs {
  readonly authority: Address
}

/** Sets the parameters from two epochs later on. */
export function setParams(at: NetworkAddresses, { authority, params }: SetParams): TransactionInstruction {
  return encodeInstruction(setParamsForm, {
    programId: at.programId,
    accounts: { authority, network: at.network },
    args: { params },
  })
}
