import type { NetworkAddresses } from '../addresses.ts'
import type { TransactionInstruction } from '../web3.ts'
import { encodeInstruction, type InstructionForm, NO_ARGS, type NoArgs, WRITES } from './form.ts'

export const finalizeForm: InstructionForm<'network' | 'epoch' | 'nextEpoch', NoArgs> = {
  name: 'finalize',
  discriminator: 20,
  accounts: { network: WRITES, epoch: WRITES, nextEpoch: WRITES },
  args: NO_ARGS,
}

/** Pushes the roots of epoch `number`, once more than 2/3 have voted and the dispute slots are over. */
export function finalize(at: NetworkAddresses, number: number): TransactionInstruction {
  return encodeInstruction(finalizeForm, {
    programId: at.programId,
    accounts: { network: at.network, epoch: at.epoch(number), nextEpoch: at.epoch(number + 1) },
    args: {},
  })
}
