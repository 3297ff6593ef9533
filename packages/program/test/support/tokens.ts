// Mints and token accounts, written as the classic token program would.
import { PublicKey, SystemProgram, TransactionInstruction } from '@solana/web3.js'
import { tokenProgram } from './encode.ts'
import type { World } from './world.ts'

const mintBytes = 82
const accountBytes = 165
const initialized = 1
const decimals = 6
const rentLamports = 10_000_000n

/** The associated token program's instruction that does nothing when the account is there. */
const createIdempotent = 1

export const ataProgram: PublicKey = new PublicKey('ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL')

/** A mint whose supply is `supply`; what tests hand out counts against it when tokens are burned. */
export function makeMint(world: World, supply: bigint = 2n ** 60n): PublicKey {
  const data = Buffer.alloc(mintBytes)
  data.writeBigUInt64LE(supply, 36)
  data[44] = decimals
  data[45] = initialized
  return place(world, world.key(), data)
}

export function makeTokens(world: World, holding: Holding): PublicKey {
  const data = Buffer.alloc(accountBytes)
  holding.mint.toBuffer().copy(data, 0)
  holding.owner.toBuffer().copy(data, 32)
  data.writeBigUInt64LE(holding.amount ?? 0n, 64)
  data[108] = initialized
  return place(world, holding.at ?? world.key(), data)
}

export type Holding = {
  readonly mint: PublicKey
  readonly owner: PublicKey
  readonly amount?: bigint
  readonly at?: PublicKey
}

export function associated(mint: PublicKey, owner: PublicKey): readonly [PublicKey, number] {
  return PublicKey.findProgramAddressSync(
    [owner.toBuffer(), tokenProgram.toBuffer(), mint.toBuffer()],
    ataProgram,
  )
}

/** What a carrier puts before the first claim of a wallet. */
export function createAssociated(
  payer: PublicKey,
  mint: PublicKey,
  owner: PublicKey,
): TransactionInstruction {
  const [address] = associated(mint, owner)
  const readonly = [owner, mint, SystemProgram.programId, tokenProgram]
  return new TransactionInstruction({
    programId: ataProgram,
    keys: [
      { pubkey: payer, isSigner: true, isWritable: true },
      { pubkey: address, isSigner: false, isWritable: true },
      ...readonly.map((pubkey) => ({ pubkey, isSigner: false, isWritable: false })),
    ],
    data: Buffer.of(createIdempotent),
  })
}

export function balance(world: World, tokens: PublicKey): bigint {
  return Buffer.from(world.account(tokens).data).readBigUInt64LE(64)
}

function place(world: World, key: PublicKey, data: Uint8Array): PublicKey {
  world.setAccount(key, { lamports: rentLamports, owner: tokenProgram, data })
  return key
}
