import { type Address, TOKEN_PROGRAM } from '../address.ts'
import { associatedTokens, type NetworkAddresses } from '../addresses.ts'
import { rest } from '../codec/compound.ts'
import { epochNumber, hash, u8, u64 } from '../codec/scalars.ts'
import type { TransactionInstruction } from '../web3.ts'
import { args, encodeInstruction, type InstructionForm, MAY_SIGN_AND_PAY, READS, WRITES } from './form.ts'

export interface RefundJobArgs {
  /** One of the kept roots. */
  readonly rootEpoch: number
  /** The leaf's amount: what was charged. */
  readonly amount: bigint
  /** Of the leaf's detail. */
  readonly rest: Uint8Array
  /** Of the associated token account; ignored when the requester signs. */
  readonly ataBump: number
  readonly proof: readonly Uint8Array[]
}

export type RefundJobAccount = 'requester' | 'network' | 'job' | 'vault' | 'destination' | 'tokenProgram'

export const refundJobForm: InstructionForm<RefundJobAccount, RefundJobArgs> = {
  name: 'refund_job',
  discriminator: 14,
  accounts: {
    requester: MAY_SIGN_AND_PAY,
    network: WRITES,
    job: WRITES,
    vault: WRITES,
    destination: WRITES,
    tokenProgram: READS,
  },
  args: args<RefundJobArgs>({
    rootEpoch: epochNumber,
    amount: u64,
    rest: hash,
    ataBump: u8,
    proof: rest(hash),
  }),
}

export interface RefundJob {
  readonly requester: Address
  readonly nonce: bigint
  readonly mint: Address
  /** A token account of the requester, who then signs. Left out: its associated one, and anyone may send this. */
  readonly destination?: Address
  readonly rootEpoch: number
  readonly amount: bigint
  readonly rest: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/** Pays deposit - charged to the requester under a final root whose jobs leaf says done, and closes the account. */
export function refundJob(at: NetworkAddresses, input: RefundJob): TransactionInstruction {
  const { requester, rootEpoch, amount, proof } = input
  const associated = associatedTokens(requester, input.mint)
  return encodeInstruction(refundJobForm, {
    programId: at.programId,
    accounts: {
      requester,
      network: at.network,
      job: at.job(requester, input.nonce),
      vault: at.vault,
      destination: input.destination ?? associated.address,
      tokenProgram: TOKEN_PROGRAM,
    },
    signing: input.destination === undefined ? [] : ['requester'],
    args: { rootEpoch, amount, rest: input.rest, ataBump: associated.bump, proof },
  })
}
