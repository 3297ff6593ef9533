// Solana key pairs, and the JSON files they are kept in: the 32 secret bytes, then the 32 public ones.
import { createPrivateKey, createPublicKey, sign as cryptoSign, type KeyObject } from 'node:crypto'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { LocalnetError } from './errors.ts'
import { type Address, toBase58 } from './vm/address.ts'

const SEED_BYTES = 32
const PAIR_BYTES = 64
/** What PKCS #8 puts before an ed25519 seed, and SPKI before a public key. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')
const SPKI_PREFIX_BYTES = 12

export interface KeyPair {
  readonly address: Address
  /** Secret and public bytes, as web3.js's Keypair.fromSecretKey takes them. */
  readonly bytes: Uint8Array
  readonly sign: (message: Uint8Array) => Uint8Array
}

export function keyPairFromSeed(seed: Uint8Array): KeyPair {
  const secret: KeyObject = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' })
  const publicKey = spki.subarray(SPKI_PREFIX_BYTES)
  return {
    address: toBase58(publicKey),
    bytes: Buffer.concat([seed, publicKey]),
    sign: (message) => cryptoSign(null, message, secret),
  }
}

/** The key pair of a file; a new one is made, readable by its owner only, if there is no such file. */
export async function loadOrMakeKeyPair(
  file: string,
  random: (bytes: number) => Uint8Array,
): Promise<KeyPair> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw unreadable(file, error)
  })
  if (text !== undefined) return parseKeyPair(file, text)
  const pair = keyPairFromSeed(random(SEED_BYTES))
  await writeFile(file, `${JSON.stringify([...pair.bytes])}\n`, { mode: 0o600, flush: true })
  await chmod(file, 0o600)
  return pair
}

function parseKeyPair(file: string, text: string): KeyPair {
  let bytes: unknown
  try {
    bytes = JSON.parse(text)
  } catch (error) {
    throw unreadable(file, error)
  }
  if (!Array.isArray(bytes) || bytes.length !== PAIR_BYTES || !bytes.every(isByte)) {
    throw unreadable(file, 'it is no list of 64 bytes')
  }
  const pair = keyPairFromSeed(Buffer.from(bytes.slice(0, SEED_BYTES)))
  if (Buffer.compare(pair.bytes, Buffer.from(bytes)) !== 0)
    throw unreadable(file, 'its public half is of another key')
  return pair
}

function isByte(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 255
}

function unreadable(file: string, why: unknown): LocalnetError {
  const reason = why instanceof Error ? why.message : String(why)
  return new LocalnetError(
    'key/unreadable',
    `The key file ${file} can't be used: ${reason}. Give another, or remove it.`,
    { file },
  )
}
