import type { Address } from '../address.ts'
import type { NetworkAddresses } from '../addresses.ts'
import { hash } from '../codec/scalars.ts'
import type { TransactionInstruction } from '../web3.ts'
import { args, encodeInstruction, type InstructionForm, WRITES } from './form.ts'

export interface VoteArgs {
  /** It commits to network, epoch and round. */
  readonly attestation: Uint8Array
}

export const voteForm: InstructionForm<'epoch', VoteArgs> = {
  name: 'vote',
  discriminator: 19,
  accounts: { epoch: WRITES },
  args: args<VoteArgs>({ attestation: hash }),
  voters: { min: 1, max: 10 },
}

export interface Vote extends VoteArgs {
  /** Of the epoch that the attestation is of. */
  readonly number: number
  readonly voteKeys: readonly Address[]
}

/** Vote keys of the snapshot vote for the candidate whose hash they name. */
export function vote(at: NetworkAddresses, { number, attestation, voteKeys }: Vote): TransactionInstruction {
  return encodeInstruction(voteForm, {
    programId: at.programId,
    accounts: { epoch: at.epoch(number) },
    args: { attestation },
    voters: voteKeys,
  })
}
