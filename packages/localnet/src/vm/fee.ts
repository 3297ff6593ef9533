// What a transaction costs, as the runtime computes it: litesvm charges it but doesn't tell.
import { COMPUTE_BUDGET_PROGRAM } from './address.ts'
import type { Transaction } from './wire.ts'

export const LAMPORTS_PER_SIGNATURE = 5_000n
const MAX_COMPUTE_UNITS = 1_400_000n
const DEFAULT_UNITS = 200_000n
const DEFAULT_BUILTIN_UNITS = 3_000n
const MICROLAMPORTS_PER_LAMPORT = 1_000_000n

/** Programs inside the runtime, which reserve fewer units: those not yet moved to the chain. */
const BUILTINS: ReadonlySet<string> = new Set([
  '11111111111111111111111111111111',
  'Vote111111111111111111111111111111111111111',
  'BPFLoader1111111111111111111111111111111111',
  'BPFLoader2111111111111111111111111111111111',
  'BPFLoaderUpgradeab1e11111111111111111111111',
  'LoaderV411111111111111111111111111111111111',
  COMPUTE_BUDGET_PROGRAM,
  'KeccakSecp256k11111111111111111111111111111',
  'Ed25519SigVerify111111111111111111111111111',
])

/** Their instructions carry signatures that are paid for like the transaction's own: the first byte counts them. */
const SIGNATURE_PROGRAMS: ReadonlySet<string> = new Set([
  'KeccakSecp256k11111111111111111111111111111',
  'Ed25519SigVerify111111111111111111111111111',
  'Secp256r1SigVerify1111111111111111111111111',
])

const SET_UNIT_LIMIT = 2
const SET_UNIT_PRICE = 3

export function feeOf(transaction: Transaction): bigint {
  const { keys, instructions, signatures } = transaction
  let signed = BigInt(signatures.length)
  let price = 0n
  let limit: bigint | undefined
  let reserved = 0n
  for (const { program, data } of instructions) {
    const address = keys[program] ?? ''
    if (SIGNATURE_PROGRAMS.has(address)) signed += BigInt(data[0] ?? 0)
    reserved += BUILTINS.has(address) ? DEFAULT_BUILTIN_UNITS : DEFAULT_UNITS
    if (address !== COMPUTE_BUDGET_PROGRAM) continue
    const view = Buffer.from(data)
    if (data[0] === SET_UNIT_LIMIT && data.length >= 5) limit = BigInt(view.readUInt32LE(1))
    if (data[0] === SET_UNIT_PRICE && data.length >= 9) price = view.readBigUInt64LE(1)
  }
  const asked = limit ?? reserved
  const units = asked < MAX_COMPUTE_UNITS ? asked : MAX_COMPUTE_UNITS
  const priority = (price * units + MICROLAMPORTS_PER_LAMPORT - 1n) / MICROLAMPORTS_PER_LAMPORT
  return signed * LAMPORTS_PER_SIGNATURE + priority
}

/** The price per compute unit that a transaction offers, in millionths of a lamport. */
export function unitPrice(transaction: Transaction): number {
  for (const { program, data } of transaction.instructions) {
    if (transaction.keys[program] !== COMPUTE_BUDGET_PROGRAM) continue
    if (data[0] === SET_UNIT_PRICE && data.length >= 9) return Number(Buffer.from(data).readBigUInt64LE(1))
  }
  return 0
}
