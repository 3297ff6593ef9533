// A transaction's bytes, without signatures and without a detour over base58: a run makes a hundred thousand of them.
import type { Transaction } from '@solana/kit'
import type { TransactionInstruction } from '@solana/web3.js'

const KEY_BYTES = 32
const SIGNATURE_BYTES = 64
/** Nobody looks at it. */
const BLOCKHASH = new Uint8Array(KEY_BYTES)

export interface Wire {
  /** Of the whole transaction. */
  readonly size: number
  readonly transaction: Transaction
}

interface Key {
  readonly bytes: Uint8Array
  signs: boolean
  writes: boolean
}

/** `number` makes its signature unlike any other's: it stands for the transaction. */
export function wireOf(
  instructions: readonly TransactionInstruction[],
  { payer, number }: { payer: Uint8Array; number: number },
): Wire {
  const keys = collect(instructions, payer)
  const ordered = [...keys.values()].sort((a, b) => rank(a) - rank(b))
  const place = new Map([...keys].map(([text, key]) => [text, ordered.indexOf(key)]))
  const signers = ordered.filter(({ signs }) => signs)
  const header = [
    signers.length,
    signers.filter(({ writes }) => !writes).length,
    ordered.filter(({ signs, writes }) => !signs && !writes).length,
  ]
  const messageBytes = Buffer.concat([
    Buffer.from(header),
    shortLength(ordered.length),
    ...ordered.map(({ bytes }) => bytes),
    BLOCKHASH,
    shortLength(instructions.length),
    ...instructions.map((one) => instructionBytes(one, place)),
  ])
  const size = shortLength(signers.length).length + SIGNATURE_BYTES * signers.length + messageBytes.length
  // The library's names for these bytes say where they come from, not what they are.
  const transaction = { messageBytes, signatures: signaturesOf(signers.length, number) }
  return { size, transaction: transaction as unknown as Transaction }
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** Every account once, with the most that any instruction asks of it; the payer first. */
function collect(instructions: readonly TransactionInstruction[], payer: Uint8Array): Map<string, Key> {
  const keys = new Map<string, Key>([[textOf(payer), { bytes: payer, signs: true, writes: true }]])
  const add = (bytes: Uint8Array, signs: boolean, writes: boolean): void => {
    const text = textOf(bytes)
    const key = keys.get(text) ?? { bytes, signs, writes }
    key.signs ||= signs
    key.writes ||= writes
    keys.set(text, key)
  }
  for (const { programId, keys: metas } of instructions) {
    for (const { pubkey, isSigner, isWritable } of metas) add(pubkey.toBytes(), isSigner, isWritable)
    add(programId.toBytes(), false, false)
  }
  return keys
}

/** Signers come first, and those that are written before those that are read. */
function rank({ signs, writes }: Key): number {
  return (signs ? 0 : 2) + (writes ? 0 : 1)
}

function instructionBytes(
  { programId, keys, data }: TransactionInstruction,
  place: ReadonlyMap<string, number>,
): Buffer {
  const at = (bytes: Uint8Array): number => place.get(textOf(bytes)) ?? 0
  return Buffer.concat([
    Buffer.of(at(programId.toBytes())),
    shortLength(keys.length),
    Buffer.from(keys.map(({ pubkey }) => at(pubkey.toBytes()))),
    shortLength(data.length),
    data,
  ])
}

/** Seven bits a byte, the lowest first. */
function shortLength(length: number): Buffer {
  return length < 0x80
    ? Buffer.of(length)
    : Buffer.concat([Buffer.of((length & 0x7f) | 0x80), shortLength(length >> 7)])
}

function signaturesOf(count: number, number: number): Record<string, Uint8Array> {
  const first = new Uint8Array(SIGNATURE_BYTES)
  new DataView(first.buffer).setUint32(0, number)
  const others = Array.from({ length: count - 1 }, () => new Uint8Array(SIGNATURE_BYTES))
  return Object.fromEntries([first, ...others].map((bytes, at) => [`signer ${at}`, bytes]))
}
