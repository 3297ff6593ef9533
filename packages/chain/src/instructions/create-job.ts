import { type Address, SYSTEM_PROGRAM, TOKEN_PROGRAM } from '../address.ts'
import type { NetworkAddresses } from '../addresses.ts'
import { hash, u8, u16, u32, u64 } from '../codec/scalars.ts'
import type { TransactionInstruction } from '../web3.ts'
import { type Rule, rule } from '../words.ts'
import { args, encodeInstruction, type InstructionForm, PAYS, READS, WRITES } from './form.ts'

export interface CreateJobArgs {
  /** Any number that the requester has not used in this network. */
  readonly nonce: bigint
  readonly deposit: bigint
  /** piece: of a unit. share: the budget of an epoch. */
  readonly price: bigint
  /** share: the most that a score of one is paid. */
  readonly capPrice: bigint
  readonly tasks: number
  readonly maxUnits: number
  readonly leaseEpochs: number
  /** Number of the kind of work. */
  readonly workKind: number
  readonly rule: Rule
  readonly replicas: number
  readonly specHash: Uint8Array
  /** Merkle root of the accounts that may do it, zero for everybody. */
  readonly allowRoot: Uint8Array
}

export type CreateJobAccount =
  | 'requester'
  | 'network'
  | 'job'
  | 'requesterTokens'
  | 'vault'
  | 'tokenProgram'
  | 'systemProgram'

export const createJobForm: InstructionForm<CreateJobAccount, CreateJobArgs> = {
  name: 'create_job',
  discriminator: 12,
  accounts: {
    requester: PAYS,
    network: WRITES,
    job: WRITES,
    requesterTokens: WRITES,
    vault: WRITES,
    tokenProgram: READS,
    systemProgram: READS,
  },
  args: args<CreateJobArgs>({
    nonce: u64,
    deposit: u64,
    price: u64,
    capPrice: u64,
    tasks: u32,
    maxUnits: u32,
    leaseEpochs: u32,
    workKind: u16,
    rule,
    replicas: u8,
    specHash: hash,
    allowRoot: hash,
  }),
}

export interface CreateJob extends CreateJobArgs {
  readonly requester: Address
  /** A token account that the requester may spend from. */
  readonly requesterTokens: Address
}

/** Moves the deposit to the vault and makes the job; it opens when more than 1/3 of stake holds it. */
export function createJob(at: NetworkAddresses, input: CreateJob): TransactionInstruction {
  const { requester, requesterTokens, ...job } = input
  return encodeInstruction(createJobForm, {
    programId: at.programId,
    accounts: {
      requester,
      network: at.network,
      job: at.job(requester, job.nonce),
      requesterTokens,
      vault: at.vault,
      tokenProgram: TOKEN_PROGRAM,
      systemProgram: SYSTEM_PROGRAM,
    },
    args: job,
  })
}
