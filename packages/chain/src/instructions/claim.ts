import { pageNumberOf } from '../accounts/claim-page.ts'
import { type Address, TOKEN_PROGRAM } from '../address.ts'
import { associatedTokens, type NetworkAddresses } from '../addresses.ts'
import { rest } from '../codec/compound.ts'
import { epochNumber, hash, u8, u32, u64 } from '../codec/scalars.ts'
import type { TransactionInstruction } from '../web3.ts'
import {
  args,
  encodeInstruction,
  type InstructionForm,
  MAY_BE_LEFT_OUT,
  MAY_SIGN,
  READS,
  WRITES,
} from './form.ts'

export interface ClaimArgs {
  /** One of the kept roots. */
  readonly rootEpoch: number
  readonly index: number
  /** Of the wallet's associated token account; ignored when the wallet signs. */
  readonly ataBump: number
  /** The leaf's amount: ever released. */
  readonly amount: bigint
  readonly minAmount: bigint
  readonly maxFee: bigint
  readonly rest: Uint8Array
  readonly fee: bigint
  readonly proof: readonly Uint8Array[]
}

export type ClaimAccount =
  | 'network'
  | 'page'
  | 'wallet'
  | 'vault'
  | 'destination'
  | 'feeDestination'
  | 'tokenProgram'

export const claimForm: InstructionForm<ClaimAccount, ClaimArgs> = {
  name: 'claim',
  discriminator: 24,
  accounts: {
    network: WRITES,
    page: WRITES,
    wallet: MAY_SIGN,
    vault: WRITES,
    destination: WRITES,
    feeDestination: MAY_BE_LEFT_OUT,
    tokenProgram: READS,
  },
  args: args<ClaimArgs>({
    rootEpoch: epochNumber,
    index: u32,
    ataBump: u8,
    amount: u64,
    minAmount: u64,
    maxFee: u64,
    rest: hash,
    fee: u64,
    proof: rest(hash),
  }),
}

/** An account's leaf with its proof, under one of the kept roots. */
export interface ClaimedLeaf {
  readonly rootEpoch: number
  readonly index: number
  readonly wallet: Address
  readonly amount: bigint
  readonly minAmount: bigint
  readonly maxFee: bigint
  readonly rest: Uint8Array
  readonly proof: readonly Uint8Array[]
}

export interface OwnClaim {
  readonly leaf: ClaimedLeaf
  readonly mint: Address
  /** Any token account that the wallet owns. */
  readonly destination: Address
}

/** Signed by the wallet: to any token account it owns, without a fee. */
export function claimOwn(
  at: NetworkAddresses,
  { leaf, mint, destination }: OwnClaim,
): TransactionInstruction {
  const { bump } = associatedTokens(leaf.wallet, mint)
  return encodeInstruction(claimForm, {
    programId: at.programId,
    accounts: { ...accountsOf(at, leaf), destination, feeDestination: undefined },
    signing: ['wallet'],
    args: argsOf(leaf, bump, 0n),
  })
}

export interface CarriedClaim {
  readonly leaf: ClaimedLeaf
  readonly mint: Address
  readonly fee: bigint
  /** The carrier's token account; needed if there is a fee. */
  readonly feeDestination?: Address
}

/** Sent by anyone: to the wallet's associated token account, with a fee of at most what the leaf allows. */
export function claimCarried(at: NetworkAddresses, input: CarriedClaim): TransactionInstruction {
  const { leaf, mint, fee, feeDestination } = input
  const { address, bump } = associatedTokens(leaf.wallet, mint)
  return encodeInstruction(claimForm, {
    programId: at.programId,
    accounts: { ...accountsOf(at, leaf), destination: address, feeDestination },
    args: argsOf(leaf, bump, fee),
  })
}

function accountsOf(
  at: NetworkAddresses,
  leaf: ClaimedLeaf,
): Readonly<Record<'network' | 'page' | 'wallet' | 'vault' | 'tokenProgram', Address>> {
  const page = at.page(pageNumberOf(leaf.index))
  return { network: at.network, page, wallet: leaf.wallet, vault: at.vault, tokenProgram: TOKEN_PROGRAM }
}

function argsOf({ wallet, ...leaf }: ClaimedLeaf, ataBump: number, fee: bigint): ClaimArgs {
  return { ...leaf, ataBump, fee }
}
