import { type Forgery, type ForgeryPlan, forgeSignature, torsion } from '@piecework/testkit/ed25519-forgery'
import { SPECCHECK } from '@piecework/testkit/ed25519-speccheck'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from '../src/bytes.ts'
import * as browser from '../src/ed25519.browser.ts'
import * as node from '../src/ed25519.node.ts'
import { isAcceptableKey, isWellFormed, type SigningKey } from '../src/ed25519-rule.ts'
import type { Verify } from '../src/signing.ts'

interface Backend {
  readonly verifySignature: Verify
  readonly keyFromSecret: (secret: Uint8Array) => SigningKey
}

const BACKENDS: readonly (readonly [string, Backend])[] = [
  ['OpenSSL', node],
  ['noble', browser],
]

const P = 2n ** 255n - 19n
const L = 2n ** 252n + 27742317777372353535851937790883648493n
const secret32 = fc.uint8Array({ minLength: 32, maxLength: 32 })

function littleEndian(number: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((number >> BigInt(8 * i)) & 255n))
}

function flip(bytes: Uint8Array, bit: number): Uint8Array {
  const at = bit % (bytes.length * 8)
  return bytes.with(at >> 3, (bytes[at >> 3] ?? 0) ^ (1 << (at & 7)))
}

function forge(plan: Omit<ForgeryPlan, 'secret' | 'message'>): Forgery {
  const secret = new Uint8Array(32).fill(7)
  return forgeSignature({ secret, message: () => fromHex('c0ffee'), ...plan })
}

/** One answer, which both backends give. */
function verified({ publicKey, message, signature }: Omit<Forgery, 'holds'>): boolean {
  const [answer, other] = BACKENDS.map(([, backend]) =>
    backend.verifySignature(publicKey, message, signature),
  )
  expect(other).toBe(answer)
  return answer === true
}

describe.each(BACKENDS)('%s', (_, backend) => {
  test('makes the keys and signatures of RFC 8032, section 7.1', () => {
    const cases = [
      {
        secret: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
        publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
        message: '',
        signature:
          'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155' +
          '5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
      },
      {
        secret: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
        publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
        message: '72',
        signature:
          '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
          '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
      },
    ]
    for (const { secret, publicKey, message, signature } of cases) {
      const key = backend.keyFromSecret(fromHex(secret))
      expect(toHex(key.publicKey)).toBe(publicKey)
      expect(toHex(key.sign(fromHex(message)))).toBe(signature)
      expect(backend.verifySignature(key.publicKey, fromHex(message), fromHex(signature))).toBe(true)
    }
  })

  test('answers false to keys and signatures of any other length', () => {
    const key = backend.keyFromSecret(new Uint8Array(32))
    const message = fromHex('00')
    const signature = key.sign(message)
    for (const length of [0, 1, 31, 33, 63, 65, 128, 100_000]) {
      const bytes = new Uint8Array(length).fill(5)
      expect(backend.verifySignature(bytes, message, signature)).toBe(false)
      expect(backend.verifySignature(key.publicKey, message, bytes)).toBe(false)
      expect(isAcceptableKey(bytes)).toBe(false)
    }
  })

  test('refuses secrets of any other length', () => {
    for (const length of [0, 31, 33, 64]) {
      expect(() => backend.keyFromSecret(new Uint8Array(length))).toThrow(
        expect.objectContaining({ code: 'signature/bad-key' }),
      )
    }
  })

  test('keeps no hold on the secret that it was given', () => {
    const secret = new Uint8Array(32).fill(1)
    const key = backend.keyFromSecret(secret)
    const before = key.sign(fromHex('aa'))
    secret.fill(2)
    expect(key.sign(fromHex('aa'))).toEqual(before)
  })
})

describe('both backends', () => {
  test('make the same keys and signatures, and accept them', () => {
    fc.assert(
      fc.property(secret32, fc.uint8Array({ maxLength: 300 }), (secret, message) => {
        const [one, other] = [node.keyFromSecret(secret), browser.keyFromSecret(secret)]
        const signature = one.sign(message)
        expect(other.publicKey).toEqual(one.publicKey)
        expect(other.sign(message)).toEqual(signature)
        expect(verified({ publicKey: one.publicKey, message, signature })).toBe(true)
        expect(isAcceptableKey(one.publicKey)).toBe(true)
      }),
    )
  })

  test('refuse a signature with any bit changed, and any bytes for one', () => {
    fc.assert(
      fc.property(
        secret32,
        fc.uint8Array({ minLength: 64, maxLength: 64 }),
        fc.nat(),
        (secret, junk, bit) => {
          const key = node.keyFromSecret(secret)
          const signed = { publicKey: key.publicKey, message: secret, signature: key.sign(secret) }
          expect(verified({ ...signed, signature: flip(signed.signature, bit) })).toBe(false)
          expect(verified({ ...signed, message: flip(secret, bit) })).toBe(false)
          expect(verified({ ...signed, publicKey: flip(signed.publicKey, bit) })).toBe(false)
          expect(verified({ ...signed, signature: junk })).toBe(false)
        },
      ),
    )
  })

  test('answer as strict software does on the twelve cases that split implementations', () => {
    const answers = SPECCHECK.map(({ publicKey, message, signature }) =>
      verified({ publicKey: fromHex(publicKey), message: fromHex(message), signature: fromHex(signature) }),
    )
    // The table's line 'Dalek strict', which is what Solana does: case 3 alone, a key that can't be registered.
    expect(answers.map((answer, i) => (answer ? i : -1)).filter((i) => i >= 0)).toEqual([3])
    const acceptable = SPECCHECK.map(({ publicKey }) => isAcceptableKey(fromHex(publicKey)))
    expect(acceptable.map((is, i) => (is ? i : -1)).filter((i) => i >= 0)).toEqual([6, 7])
  })

  test('refuse torsion that was added to R', () => {
    expect(verified(forge({}))).toBe(true)
    for (let times = 1; times < 8; times++) expect(verified(forge({ nonceTorsion: times }))).toBe(false)
  })

  test('refuse s that is not reduced, though the equation holds', () => {
    for (let times = 1; times < 15; times++) {
      const forgery = forge({ addL: times })
      expect(forgery.holds).toBe(true)
      expect(verified(forgery)).toBe(false)
    }
  })

  test('forget the keys used longest ago, and still know them', () => {
    const key = node.keyFromSecret(new Uint8Array(32).fill(9))
    const message = fromHex('01')
    const signature = key.sign(message)
    expect(node.verifySignature(key.publicKey, message, signature)).toBe(true)
    const other = new Uint8Array(32).fill(4)
    for (let i = 0; i < 17_000; i++) {
      new DataView(other.buffer).setUint32(0, i)
      node.verifySignature(other, message, signature)
    }
    expect(node.verifySignature(key.publicKey, message, signature)).toBe(true)
  })
})

/** Every way to write a point whose order divides 8: y or y + p below 2^255, and both signs where x = 0. */
function smallOrderEncodings(): Uint8Array[] {
  const points = Array.from({ length: 8 }, (_, times) => torsion(times).toAffine())
  return points.flatMap(({ x, y }) => {
    const signs = x === 0n ? [0n, 1n] : [x & 1n]
    const ys = y + P < 2n ** 255n ? [y, y + P] : [y]
    return ys.flatMap((written) => signs.map((sign) => littleEndian(written | (sign << 255n))))
  })
}

describe('points of small order', () => {
  const encodings = smallOrderEncodings()

  test('can be written in fourteen ways', () => {
    expect(new Set(encodings.map(toHex)).size).toBe(14)
  })

  test('are refused as R and as key in each of them', () => {
    const honest = forge({})
    for (const point of encodings) {
      const signature = new Uint8Array([...point, ...honest.signature.subarray(32)])
      expect(isWellFormed(honest.publicKey, signature)).toBe(false)
      expect(isWellFormed(point, honest.signature)).toBe(false)
      expect(isAcceptableKey(point)).toBe(false)
    }
    expect(isWellFormed(honest.publicKey, honest.signature)).toBe(true)
  })

  test('are refused as R where the equation holds', () => {
    const forgery = forge({ smallR: true })
    expect(forgery.holds).toBe(true)
    expect(verified(forgery)).toBe(false)
  })

  test('are refused as keys where the equation holds', () => {
    for (let times = 0; times < 8; times++) {
      const forgery = forge({ smallKey: true, keyTorsion: times, balanced: true })
      expect(forgery.holds).toBe(true)
      expect(verified(forgery)).toBe(false)
    }
  })

  test('are refused as a part of a key', () => {
    for (let times = 1; times < 8; times++) {
      const forgery = forge({ keyTorsion: times, balanced: true })
      expect(forgery.holds).toBe(true)
      expect(isAcceptableKey(forgery.publicKey)).toBe(false)
      // Unregistered keys are answered alike too.
      expect(verified(forgery)).toBe(true)
    }
  })
})

describe('form', () => {
  const { publicKey, signature } = forge({})
  const withS = (s: bigint): Uint8Array => new Uint8Array([...signature.subarray(0, 32), ...littleEndian(s)])

  test('of s ends at L', () => {
    for (const s of [0n, 1n, L - 1n]) expect(isWellFormed(publicKey, withS(s))).toBe(true)
    for (const s of [L, L + 1n, 2n ** 253n, 2n ** 255n, 2n ** 256n - 1n]) {
      expect(isWellFormed(publicKey, withS(s))).toBe(false)
    }
  })

  test('of a key ends at p', () => {
    for (const y of [P - 2n, P - 20n, P - 256n]) expect(isWellFormed(littleEndian(y), signature)).toBe(true)
    for (let y = P; y < 2n ** 255n; y++) {
      for (const sign of [0n, 2n ** 255n]) {
        expect(isWellFormed(littleEndian(y + sign), signature)).toBe(false)
        expect(isAcceptableKey(littleEndian(y + sign))).toBe(false)
      }
    }
  })

  test('of a key is a point of the curve', () => {
    // Half of all y have no x: without exception they are no keys.
    const ys = Array.from({ length: 100 }, (_, i) => littleEndian(BigInt(i) + 2n))
    const message = fromHex('01')
    const refused = ys.filter((y) => !isAcceptableKey(y))
    expect(refused.length).toBeGreaterThan(40)
    for (const y of ys) expect(verified({ publicKey: y, message, signature })).toBe(false)
  })
})
