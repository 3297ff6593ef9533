// ed25519.json: `valid` says that the key may be registered and that the signature is its own, under the one rule.
import { equal } from 'node:assert/strict'
import { fromHex, toHex } from '../../packages/protocol/src/bytes.ts'
import * as browser from '../../packages/protocol/src/ed25519.browser.ts'
import * as node from '../../packages/protocol/src/ed25519.node.ts'
import { isAcceptableKey } from '../../packages/protocol/src/ed25519-rule.ts'
import { type ForgeryPlan, forgeSignature } from '../../packages/testkit/src/ed25519-forgery.ts'
import { SPECCHECK } from '../../packages/testkit/src/ed25519-speccheck.ts'
import type { VectorFile } from './lib/file.ts'
import { someBytes } from './lib/random.ts'

interface SignatureEntry {
  readonly name: string
  readonly publicKey: string
  readonly message: string
  readonly signature: string
  readonly valid: boolean
}

function isValid({ publicKey, message, signature }: Omit<SignatureEntry, 'name' | 'valid'>): boolean {
  const [key, bytes, signed] = [fromHex(publicKey), fromHex(message), fromHex(signature)]
  const valid = node.verifySignature(key, bytes, signed)
  equal(browser.verifySignature(key, bytes, signed), valid, 'the backends disagree')
  return isAcceptableKey(key) && valid
}

function entry(name: string, parts: readonly [Uint8Array, Uint8Array, Uint8Array]): SignatureEntry {
  const [publicKey = '', message = '', signature = ''] = parts.map(toHex)
  const fields = { publicKey, message, signature }
  return { name, ...fields, valid: isValid(fields) }
}

/** RFC 8032, section 7.1, tests 1 and 2: secret and message. */
const RFC_8032 = [
  ['9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', ''],
  ['4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', '72'],
] as const

const MESSAGE_LENGTHS = [0, 1, 32, 1_000]

function honest(): SignatureEntry[] {
  const signed = (name: string, secret: Uint8Array, message: Uint8Array): SignatureEntry => {
    const key = node.keyFromSecret(secret)
    return entry(name, [key.publicKey, message, key.sign(message)])
  }
  return [
    ...RFC_8032.map(([secret, text], i) => signed(`RFC 8032, test ${i + 1}`, fromHex(secret), fromHex(text))),
    ...MESSAGE_LENGTHS.map((length) => {
      const label = `honest, ${length} bytes`
      return signed(label, someBytes(`${label} secret`), someBytes(`${label} message`, length))
    }),
  ]
}

/** One honest signature, with one bit of each part changed. */
function altered(): SignatureEntry[] {
  const message = someBytes('altered message')
  const key = node.keyFromSecret(someBytes('altered secret'))
  const signature = key.sign(message)
  const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.with(at, (bytes[at] ?? 0) ^ 1)
  return [
    entry('key altered', [flip(key.publicKey, 3), message, signature]),
    entry('message altered', [key.publicKey, flip(message, 31), signature]),
    entry('R altered', [key.publicKey, message, flip(signature, 0)]),
    entry('s altered', [key.publicKey, message, flip(signature, 32)]),
  ]
}

function forged(name: string, plan: Omit<ForgeryPlan, 'secret' | 'message'>): SignatureEntry {
  const { publicKey, message, signature } = forgeSignature({
    secret: someBytes('forger secret'),
    message: () => someBytes(`forged ${name}`),
    ...plan,
  })
  return entry(name, [publicKey, message, signature])
}

const TORSIONS = [1, 2, 3, 4, 5, 6, 7]

/** The other ways to write points of small order: with y + p, or with a sign for x = 0. */
const OTHER_WRITINGS = [
  ['identity, sign bit set', 0, `01${'00'.repeat(30)}80`],
  ['identity, y + p', 0, `ee${'ff'.repeat(30)}7f`],
  ['identity, y + p, sign bit set', 0, `ee${'ff'.repeat(31)}`],
  ['order 2, sign bit set', 4, `ec${'ff'.repeat(31)}`],
  ['order 4, y + p', 2, `ed${'ff'.repeat(30)}7f`],
  ['order 4, y + p, sign bit set', 6, `ed${'ff'.repeat(31)}`],
] as const

function forgeries(): SignatureEntry[] {
  return [
    forged('honest, with a nonce of its own', {}),
    ...TORSIONS.map((times) => forged(`torsion ${times} added to R`, { nonceTorsion: times })),
    ...TORSIONS.map((times) => forged(`torsion ${times} added to A`, { keyTorsion: times, balanced: true })),
    forged('torsion added to R and A, cancelling out', { keyTorsion: 1, nonceTorsion: 3, balanced: true }),
    ...[0, ...TORSIONS].map((times) =>
      forged(`R is ${times} times a point of order 8`, { smallR: true, nonceTorsion: times }),
    ),
    ...OTHER_WRITINGS.map(([name, times, text]) =>
      forged(`R is small: ${name}`, { smallR: true, nonceTorsion: times, writtenR: fromHex(text) }),
    ),
    ...[1, 2, 14].map((times) => forged(`s + ${times} L`, { addL: times })),
    ...[0, ...TORSIONS].map((times) =>
      forged(`A is ${times} times a point of order 8`, { smallKey: true, keyTorsion: times, balanced: true }),
    ),
  ]
}

export const vectors: VectorFile<SignatureEntry> = {
  name: 'ed25519',
  generate: () => [
    ...SPECCHECK.map(({ about, publicKey, message, signature }, i) =>
      entry(`speccheck ${i}: ${about}`, [fromHex(publicKey), fromHex(message), fromHex(signature)]),
    ),
    ...honest(),
    ...altered(),
    ...forgeries(),
  ],
  check: ({ valid, ...fields }) => equal(isValid(fields), valid),
}
