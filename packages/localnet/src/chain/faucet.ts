// Airdrops are ordinary transfers, signed by the faucet's key.
import {
  AccountRole,
  appendTransactionMessageInstructions,
  compileTransactionMessage,
  createTransactionMessage,
  getCompiledTransactionMessageEncoder,
  pipe,
  setTransactionMessageFeePayer,
  setTransactionMessageLifetimeUsingBlockhash,
  address as toAddress,
  blockhash as toBlockhash,
} from '@solana/kit'
import type { KeyPair } from '../keys.ts'
import { type Address, COMPUTE_BUDGET_PROGRAM, SYSTEM_PROGRAM } from '../vm/address.ts'
import { readTransaction, type Transaction } from '../vm/wire.ts'

/** Two airdrops of the same amount in one slot would be one transaction: their compute limits tell them apart. */
const LEAST_UNIT_LIMIT = 10_000
const UNIT_LIMITS = 1_000_000

const SET_UNIT_LIMIT = 2
const TRANSFER = 2

export interface Airdrop {
  readonly to: Address
  readonly lamports: bigint
  readonly blockhash: string
  /** Different for every airdrop. */
  readonly number: number
}

export function airdropTransaction(faucet: KeyPair, airdrop: Airdrop): Transaction {
  const message = pipe(
    createTransactionMessage({ version: 'legacy' }),
    (empty) => setTransactionMessageFeePayer(toAddress(faucet.address), empty),
    (paid) =>
      setTransactionMessageLifetimeUsingBlockhash(
        { blockhash: toBlockhash(airdrop.blockhash), lastValidBlockHeight: 0n },
        paid,
      ),
    (timed) =>
      appendTransactionMessageInstructions(
        [unitLimit(airdrop.number), transfer(faucet.address, airdrop)],
        timed,
      ),
  )
  const bytes = new Uint8Array(
    getCompiledTransactionMessageEncoder().encode(compileTransactionMessage(message)),
  )
  return readTransaction(Buffer.concat([Buffer.from([1]), faucet.sign(bytes), bytes]))
}

function unitLimit(number: number): { programAddress: ReturnType<typeof toAddress>; data: Uint8Array } {
  const data = Buffer.alloc(5)
  data.writeUInt8(SET_UNIT_LIMIT, 0)
  data.writeUInt32LE(LEAST_UNIT_LIMIT + (number % UNIT_LIMITS), 1)
  return { programAddress: toAddress(COMPUTE_BUDGET_PROGRAM), data }
}

function transfer(from: Address, { to, lamports }: Airdrop) {
  const data = Buffer.alloc(12)
  data.writeUInt32LE(TRANSFER, 0)
  data.writeBigUInt64LE(lamports, 4)
  return {
    programAddress: toAddress(SYSTEM_PROGRAM),
    accounts: [
      { address: toAddress(from), role: AccountRole.WRITABLE_SIGNER },
      { address: toAddress(to), role: AccountRole.WRITABLE },
    ],
    data,
  }
}
