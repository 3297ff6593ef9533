import type { NetworkAddresses } from '../addresses.ts'
import type { TransactionInstruction } from '../web3.ts'
import { encodeInstruction, type InstructionForm, NO_ARGS, type NoArgs, WRITES } from './form.ts'

export const sealEpochForm: InstructionForm<'network' | 'roster' | 'epoch' | 'nextEpoch', NoArgs> = {
  name: 'seal_epoch',
  discriminator: 16,
  accounts: { network: WRITES, roster: WRITES, epoch: WRITES, nextEpoch: WRITES },
  args: NO_ARGS,
}

/** Seals the network's nextSeal, which is `number`, with the first slot hash at or after its target. */
export function sealEpoch(at: NetworkAddresses, number: number): TransactionInstruction {
  return encodeInstruction(sealEpochForm, {
    programId: at.programId,
    accounts: {
      network: at.network,
      roster: at.roster,
      epoch: at.epoch(number),
      nextEpoch: at.epoch(number + 1),
    },
    args: {},
  })
}
