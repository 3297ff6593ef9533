import type { Address } from '../address.ts'
import type { NetworkAddresses } from '../addresses.ts'
import type { TransactionInstruction } from '../web3.ts'
import {
  encodeInstruction,
  type InstructionForm,
  NO_ARGS,
  type NoArgs,
  READS,
  SIGNS,
  WRITES,
} from './form.ts'

export type StartAccount = 'authority' | 'network' | 'roster' | 'epoch0' | 'epoch1' | 'epoch2' | 'epoch3'

export const startForm: InstructionForm<StartAccount, NoArgs> = {
  name: 'start',
  discriminator: 1,
  accounts: {
    authority: SIGNS,
    network: WRITES,
    roster: READS,
    epoch0: WRITES,
    epoch1: WRITES,
    epoch2: WRITES,
    epoch3: WRITES,
  },
  args: NO_ARGS,
}

/** Starts epoch 0, with the verifiers that have joined. */
export function start(at: NetworkAddresses, authority: Address): TransactionInstruction {
  return encodeInstruction(startForm, {
    programId: at.programId,
    accounts: {
      authority,
      network: at.network,
      roster: at.roster,
      epoch0: at.epoch(0),
      epoch1: at.epoch(1),
      epoch2: at.epoch(2),
      epoch3: at.epoch(3),
    },
    args: {},
  })
}
