import type { DisputePlace, NetworkAddresses } from '../addresses.ts'
import type { TransactionInstruction } from '../web3.ts'
import { encodeInstruction, type InstructionForm, NO_ARGS, type NoArgs, READS, WRITES } from './form.ts'

export const closeDisputeForm: InstructionForm<'disputer' | 'network' | 'dispute', NoArgs> = {
  name: 'close_dispute',
  discriminator: 26,
  accounts: { disputer: WRITES, network: READS, dispute: WRITES },
  args: NO_ARGS,
}

/** Closes a dispute whose epoch is final; its disputer gets the rent back. */
export function closeDispute(at: NetworkAddresses, dispute: DisputePlace): TransactionInstruction {
  return encodeInstruction(closeDisputeForm, {
    programId: at.programId,
    accounts: { disputer: dispute.disputer, network: at.network, dispute: at.dispute(dispute) },
    args: {},
  })
}
