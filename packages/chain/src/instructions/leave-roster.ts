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

export type LeaveRosterAccount = 'operator' | 'network' | 'roster' | 'verifier'

export const leaveRosterForm: InstructionForm<LeaveRosterAccount, NoArgs> = {
  name: 'leave_roster',
  discriminator: 8,
  accounts: { operator: SIGNS, network: READS, roster: WRITES, verifier: READS },
  args: NO_ARGS,
}

export interface LeaveRoster {
  readonly operator: Address
  readonly id: number
}

/** Gives up the seat from two epochs later on. */
export function leaveRoster(at: NetworkAddresses, { operator, id }: LeaveRoster): TransactionInstruction {
  return encodeInstruction(leaveRosterForm, {
    programId: at.programId,
    accounts: { operator, network: at.network, roster: at.roster, verifier: at.verifier(id) },
    args: {},
  })
}
