// Handing over tokens and SOL: what a founder does before others can stake, work or pay.
import { Buffer } from 'node:buffer'
import { type Address, keyOf, TOKEN_PROGRAM } from './address.ts'
import { encode } from './codec/layout.ts'
import { u64 } from './codec/scalars.ts'
import { SystemProgram, TransactionInstruction } from './web3.ts'

/** Discriminator of the token program's instruction. */
const TRANSFER = 3

export interface TokenTransfer {
  /** A token account of the owner's. */
  readonly from: Address
  readonly owner: Address
  /** A token account of the same mint. */
  readonly to: Address
  readonly amount: bigint
}

export function transferTokens({ from, owner, to, amount }: TokenTransfer): TransactionInstruction {
  return new TransactionInstruction({
    programId: keyOf(TOKEN_PROGRAM),
    keys: [
      { pubkey: keyOf(from), isSigner: false, isWritable: true },
      { pubkey: keyOf(to), isSigner: false, isWritable: true },
      { pubkey: keyOf(owner), isSigner: true, isWritable: false },
    ],
    data: Buffer.concat([Buffer.of(TRANSFER), encode(u64, amount)]),
  })
}

export interface SolTransfer {
  readonly from: Address
  readonly to: Address
  readonly lamports: bigint
}

export function transferSol({ from, to, lamports }: SolTransfer): TransactionInstruction {
  return SystemProgram.transfer({ fromPubkey: keyOf(from), toPubkey: keyOf(to), lamports })
}
