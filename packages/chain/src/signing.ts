// From instructions to a signed transaction: everybody signs the same message, and each signature is checked.
import { Buffer } from 'node:buffer'
import { toBase58, verifySignature } from '@piecework/protocol'
import { type Address, addressOfKey, bytesOf, keyOf } from './address.ts'
import { ChainError } from './errors.ts'
import { withLimit } from './limit.ts'
import type { SendRequest, Signer } from './port.ts'
import type { Time } from './ports.ts'
import { type Message, Transaction } from './web3.ts'

/** What fits a packet: the cluster's bound. */
export const MAX_TRANSACTION_BYTES = 1232

const SIGNATURE_BYTES = 64

/** A signer on another machine has that long; one that doesn't answer is left out of the next try. */
const SIGNING_MS = 5_000

export interface Signed {
  /** Its name: the payer's signature. */
  readonly signature: string
  readonly wire: Uint8Array
}

export interface SigningPorts {
  readonly time: Time
  readonly stopped: AbortSignal
}

export async function signTransaction(
  request: SendRequest,
  blockhash: string,
  ports: SigningPorts,
): Promise<Signed> {
  const { instructions, payer, signers = [] } = request
  const transaction = new Transaction({ feePayer: keyOf(payer.address), recentBlockhash: blockhash })
  const message = transaction.add(...instructions).compileMessage()
  const bytes = messageBytes(message)
  const required = message.accountKeys.slice(0, message.header.numRequiredSignatures).map(addressOfKey)
  requireSize(1 + SIGNATURE_BYTES * required.length + bytes.length)
  const known = new Map([payer, ...signers].map((signer) => [signer.address, signer]))
  const signatures = await Promise.all(
    required.map((key) => signatureOf(known.get(key), { key, bytes }, ports)),
  )
  const [first] = signatures
  if (first === undefined)
    throw new ChainError('option/invalid', 'A transaction without signers can not be sent')
  return {
    signature: toBase58(first),
    wire: Buffer.concat([Buffer.of(signatures.length), ...signatures, bytes]),
  }
}

function messageBytes(message: Message): Uint8Array {
  try {
    return Uint8Array.from(message.serialize())
  } catch (error) {
    // Its buffers are as long as a packet.
    if (error instanceof RangeError) throw tooLarge('more than a packet')
    throw error
  }
}

/** Fewer than 128 signers fit, so that their number takes one byte. */
function requireSize(size: number): void {
  if (size > MAX_TRANSACTION_BYTES) throw tooLarge(`${size} bytes`)
}

function tooLarge(size: string): ChainError {
  const message = `A transaction of ${size} is too large: ${MAX_TRANSACTION_BYTES} bytes fit. Send its parts one by one.`
  return new ChainError('transaction/too-large', message, { size })
}

interface ToSign {
  readonly key: Address
  readonly bytes: Uint8Array
}

async function signatureOf(
  signer: Signer | undefined,
  { key, bytes }: ToSign,
  { time, stopped }: SigningPorts,
): Promise<Uint8Array> {
  if (signer === undefined) {
    throw new ChainError('option/invalid', `${key} has to sign, and was not given as a signer`, {
      signer: key,
    })
  }
  const late = () => refusedBy(key, `it did not answer within ${SIGNING_MS} ms`)
  const signature = await withLimit({ time, milliseconds: SIGNING_MS, stopped, late }, () =>
    asked(signer, bytes),
  )
  if (signature.length === SIGNATURE_BYTES && verifySignature(bytesOf(key), bytes, signature))
    return signature
  const message = `${key} gave a signature that is not its own of this message: do not ask it again`
  throw new ChainError('signer/wrong-signature', message, { signer: key })
}

async function asked(signer: Signer, bytes: Uint8Array): Promise<Uint8Array> {
  try {
    // A copy: nobody can change what the others sign.
    return await signer.sign(Uint8Array.from(bytes))
  } catch (error) {
    throw refusedBy(signer.address, error instanceof Error ? error.message : String(error))
  }
}

function refusedBy(key: Address, why: string): ChainError {
  return new ChainError(
    'signer/refused',
    `${key} did not sign: ${why}. Send it without that one, or ask again.`,
    {
      signer: key,
    },
  )
}
