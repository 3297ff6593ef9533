// A transaction's message as others send it to be signed: what it asks for, and who pays. Its form is the plain one; a
// message with lookup tables would name accounts that are not in it.

import { type Address, addressOfKey } from './address.ts'
import { ChainError } from './errors.ts'
import type { TransactionInstruction } from './port.ts'
import { Message, Transaction } from './web3.ts'

export interface ReadMessage {
  readonly payer: Address
  /** The payer among them. */
  readonly signers: readonly Address[]
  readonly programs: readonly Address[]
  readonly instructions: readonly TransactionInstruction[]
}

export function readMessage(bytes: Uint8Array): ReadMessage {
  const message = decoded(bytes)
  const { instructions } = Transaction.populate(message)
  const signers = message.accountKeys.slice(0, message.header.numRequiredSignatures).map(addressOfKey)
  const [payer] = signers
  if (payer === undefined) throw malformed('nobody signs it')
  const programs = instructions.map(({ programId }) => addressOfKey(programId))
  return { payer, signers, programs, instructions }
}

/** What is signed are these bytes: they must be the one encoding of what was read. */
function decoded(bytes: Uint8Array): Message {
  try {
    const message = Message.from(bytes)
    if (Buffer.compare(message.serialize(), bytes) === 0) return message
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : String(error))
  }
  throw malformed('it is not the one encoding of its content')
}

function malformed(why: string): ChainError {
  return new ChainError('value/out-of-range', `These bytes are no message of a transaction: ${why}.`, { why })
}
