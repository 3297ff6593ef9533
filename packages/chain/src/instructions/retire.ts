import type { NetworkAddresses } from '../addresses.ts'
import type { TransactionInstruction } from '../web3.ts'
import { encodeInstruction, type InstructionForm, NO_ARGS, type NoArgs, READS, WRITES } from './form.ts'

export const retireForm: InstructionForm<'network' | 'roster' | 'verifier', NoArgs> = {
  name: 'retire',
  discriminator: 9,
  accounts: { network: READS, roster: WRITES, verifier: WRITES },
  args: NO_ARGS,
}

/** Takes a verifier whose epochs are all final out of the roster, and moves its stake into its Verifier account. */
export function retire(at: NetworkAddresses, id: number): TransactionInstruction {
  return encodeInstruction(retireForm, {
    programId: at.programId,
    accounts: { network: at.network, roster: at.roster, verifier: at.verifier(id) },
    args: {},
  })
}
