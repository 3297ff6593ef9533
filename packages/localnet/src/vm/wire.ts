// Reads a transaction as it travels, strictly. litesvm ends the process on bytes that it can't decode, so nothing
// reaches it that did not pass here: every length is canonical, every index in range, and no byte is left over.
import { LocalnetError } from '../errors.ts'
import {
  ADDRESS_BYTES,
  type Address,
  addressBytes,
  type Blockhash,
  SIGNATURE_BYTES,
  type Signature,
  toBase58,
} from './address.ts'

/** What fits a network packet of the real cluster (1,280 bytes less headers); litesvm itself has no limit. */
export const MAX_TRANSACTION_BYTES = 1_232

/** Account indices in instructions are one byte. */
const MAX_ACCOUNTS = 256
const VERSION_FLAG = 0x80

export interface Instruction {
  readonly program: number
  readonly accounts: Uint8Array
  readonly data: Uint8Array
}

export interface Lookup {
  readonly table: Address
  readonly writable: Uint8Array
  readonly readonly: Uint8Array
}

export interface Header {
  readonly numRequiredSignatures: number
  readonly numReadonlySignedAccounts: number
  readonly numReadonlyUnsignedAccounts: number
}

export interface Transaction {
  readonly bytes: Uint8Array
  readonly signature: Signature
  readonly signatures: readonly Signature[]
  readonly version: 'legacy' | 0
  readonly header: Header
  readonly keys: readonly Address[]
  readonly blockhash: Blockhash
  /** Where the blockhash lies in `bytes`. */
  readonly blockhashOffset: number
  readonly instructions: readonly Instruction[]
  readonly lookups: readonly Lookup[]
}

function malformed(what: string): LocalnetError {
  return new LocalnetError('transaction/malformed', what)
}

class Reader {
  readonly #bytes: Uint8Array
  #offset = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get offset(): number {
    return this.#offset
  }

  get left(): number {
    return this.#bytes.length - this.#offset
  }

  peek(): number {
    return this.#bytes[this.#offset] ?? 0
  }

  byte(): number {
    const value = this.#bytes[this.#offset]
    if (value === undefined) throw malformed('the transaction ends early')
    this.#offset += 1
    return value
  }

  take(length: number): Uint8Array {
    if (length > this.left) throw malformed('the transaction ends early')
    this.#offset += length
    return this.#bytes.subarray(this.#offset - length, this.#offset)
  }

  /** Solana's compact u16: seven bits a byte, at most three bytes, the shortest form only. */
  length(): number {
    let value = 0
    for (let shift = 0; shift <= 14; shift += 7) {
      const byte = this.byte()
      if (byte === 0 && shift > 0) throw malformed('a length is not in its shortest form')
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) {
        if (value > 0xffff) throw malformed('a length is over 65,535')
        return value
      }
    }
    throw malformed('a length is over 65,535')
  }

  address(): Address {
    return toBase58(this.take(ADDRESS_BYTES))
  }

  list<T>(read: () => T): T[] {
    return Array.from({ length: this.length() }, read)
  }
}

function readVersion(reader: Reader): 'legacy' | 0 {
  if ((reader.peek() & VERSION_FLAG) === 0) return 'legacy'
  const version = reader.byte() & ~VERSION_FLAG
  if (version !== 0) throw malformed(`transaction version ${version} is not supported, only legacy and 0`)
  return 0
}

export function readTransaction(bytes: Uint8Array): Transaction {
  if (bytes.length > MAX_TRANSACTION_BYTES) {
    throw malformed(`the transaction has ${bytes.length} bytes (max: ${MAX_TRANSACTION_BYTES})`)
  }
  const reader = new Reader(bytes)
  const signatures = reader.list(() => toBase58(reader.take(SIGNATURE_BYTES)))
  const version = readVersion(reader)
  const header = {
    numRequiredSignatures: reader.byte(),
    numReadonlySignedAccounts: reader.byte(),
    numReadonlyUnsignedAccounts: reader.byte(),
  }
  const keys = reader.list(() => reader.address())
  const blockhashOffset = reader.offset
  const blockhash = toBase58(reader.take(ADDRESS_BYTES))
  const instructions = reader.list(() => ({
    program: reader.byte(),
    accounts: reader.take(reader.length()),
    data: reader.take(reader.length()),
  }))
  const lookups =
    version === 'legacy'
      ? []
      : reader.list(() => ({
          table: reader.address(),
          writable: reader.take(reader.length()),
          readonly: reader.take(reader.length()),
        }))
  if (reader.left > 0) throw malformed(`${reader.left} bytes follow the transaction`)
  const signature = signatures[0]
  if (signature === undefined) throw malformed('the transaction has no signature')
  const signed = { bytes, signature, signatures, version, header, keys }
  const transaction = { ...signed, blockhash, blockhashOffset, instructions, lookups }
  checkIndices(transaction)
  return transaction
}

/** The same transaction under another blockhash; its signatures no longer fit. */
export function withBlockhash(transaction: Transaction, blockhash: Blockhash): Transaction {
  const bytes = Uint8Array.from(transaction.bytes)
  bytes.set(addressBytes(blockhash), transaction.blockhashOffset)
  return readTransaction(bytes)
}

/** A message as a transaction whose signatures are still missing. */
export function readMessage(message: Uint8Array): Transaction {
  const first = message[0] ?? 0
  const required = (first & VERSION_FLAG) === 0 ? first : (message[1] ?? 0)
  const missing = new Uint8Array(required * SIGNATURE_BYTES)
  return readTransaction(Buffer.concat([Buffer.from([required]), missing, message]))
}

function checkIndices(transaction: Transaction): void {
  const { header, keys, signatures, instructions, lookups } = transaction
  const required = header.numRequiredSignatures
  if (signatures.length !== required)
    throw malformed(`${signatures.length} signatures where ${required} are required`)
  if (header.numReadonlySignedAccounts >= required) throw malformed('no writable account pays the fee')
  if (required + header.numReadonlyUnsignedAccounts > keys.length)
    throw malformed('the header names more accounts than there are')
  const looked = lookups.map((lookup) => lookup.writable.length + lookup.readonly.length)
  if (looked.some((count) => count === 0)) throw malformed('a table lookup looks nothing up')
  const accounts = looked.reduce((sum, count) => sum + count, keys.length)
  if (accounts > MAX_ACCOUNTS)
    throw malformed(`the transaction names ${accounts} accounts (max: ${MAX_ACCOUNTS})`)
  for (const instruction of instructions) {
    if (instruction.program === 0) throw malformed('the fee payer is called as a program')
    if (instruction.program >= keys.length)
      throw malformed('an instruction calls a program that is not listed')
    if (instruction.accounts.some((index) => index >= accounts))
      throw malformed('an instruction uses an account that is not listed')
  }
}

export function isSigner(transaction: Transaction, index: number): boolean {
  return index < transaction.header.numRequiredSignatures
}

/** Whether the listed or looked-up account at `index` may be written, from the message alone. */
export function isWritable(transaction: Transaction, index: number): boolean {
  const { header, keys, lookups } = transaction
  if (index < header.numRequiredSignatures) {
    return index < header.numRequiredSignatures - header.numReadonlySignedAccounts
  }
  if (index < keys.length) return index < keys.length - header.numReadonlyUnsignedAccounts
  const loadedWritable = lookups.reduce((sum, lookup) => sum + lookup.writable.length, 0)
  return index - keys.length < loadedWritable
}
