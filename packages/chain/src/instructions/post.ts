import type { Address } from '../address.ts'
import type { NetworkAddresses } from '../addresses.ts'
import { rest } from '../codec/compound.ts'
import { epochNumber, hash } from '../codec/scalars.ts'
import type { TransactionInstruction } from '../web3.ts'
import { type PostSort, postSort } from '../words.ts'
import { args, encodeInstruction, type InstructionForm, MAY_BE_LEFT_OUT, WRITES } from './form.ts'

export interface PostArgs {
  readonly what: PostSort
  /** Of the epoch. */
  readonly number: number
  /** One a voter, in their order; none for holdings. */
  readonly values: readonly Uint8Array[]
}

export const postForm: InstructionForm<'epoch' | 'job', PostArgs> = {
  name: 'post',
  discriminator: 15,
  accounts: { epoch: WRITES, job: MAY_BE_LEFT_OUT },
  args: args<PostArgs>({ what: postSort, number: epochNumber, values: rest(hash) }),
  voters: { min: 1, max: 8 },
}

export interface PostedValue {
  readonly voteKey: Address
  /** The inventory root, or the report commit. */
  readonly value: Uint8Array
}

export interface PostValues {
  readonly what: 'inventory' | 'commit'
  readonly number: number
  readonly posts: readonly PostedValue[]
}

/** Vote keys of the epoch's snapshot post their inventory roots or report commits, in their windows, once each. */
export function postValues(
  at: NetworkAddresses,
  { what, number, posts }: PostValues,
): TransactionInstruction {
  return encodeInstruction(postForm, {
    programId: at.programId,
    accounts: { epoch: at.epoch(number), job: undefined },
    args: { what, number, values: posts.map((post) => post.value) },
    voters: posts.map((post) => post.voteKey),
  })
}

export interface PostHoldings {
  /** An epoch that isn't final; its seats weigh. */
  readonly number: number
  readonly job: Address
  readonly voteKeys: readonly Address[]
}

/** Vote keys say that they hold a job's spec, inputs and allow list. */
export function postHoldings(
  at: NetworkAddresses,
  { number, job, voteKeys }: PostHoldings,
): TransactionInstruction {
  return encodeInstruction(postForm, {
    programId: at.programId,
    accounts: { epoch: at.epoch(number), job },
    args: { what: 'holding', number, values: [] },
    voters: voteKeys,
  })
}
