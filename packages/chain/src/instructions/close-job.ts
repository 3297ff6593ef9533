import type { Address } from '../address.ts'
import type { NetworkAddresses } from '../addresses.ts'
import type { TransactionInstruction } from '../web3.ts'
import { encodeInstruction, type InstructionForm, NO_ARGS, type NoArgs, SIGNS, WRITES } from './form.ts'

export const closeJobForm: InstructionForm<'requester' | 'job', NoArgs> = {
  name: 'close_job',
  discriminator: 13,
  accounts: { requester: SIGNS, job: WRITES },
  args: NO_ARGS,
}

export interface CloseJob {
  readonly requester: Address
  readonly nonce: bigint
}

/** No more of the job is dealt from the next epoch on. */
export function closeJob(at: NetworkAddresses, { requester, nonce }: CloseJob): TransactionInstruction {
  return encodeInstruction(closeJobForm, {
    programId: at.programId,
    accounts: { requester, job: at.job(requester, nonce) },
    args: {},
  })
}
