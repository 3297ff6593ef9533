import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyFromSecret, verifySignature } from '../src/ed25519.node.ts'
import { requireAcceptableKey, signMessage, verifyMessage } from '../src/signing.ts'
import { TAG_NAMES } from '../src/tags.ts'

const key = keyFromSecret(new Uint8Array(32).fill(1))
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })

describe('a signed message', () => {
  test('is signed as the hash of its tag, network and bytes', () => {
    const [networkId, bytes] = [new Uint8Array(32).fill(2), Uint8Array.of(3, 4, 5)]
    const tag = Buffer.concat([Buffer.from('pw/batch'), Buffer.alloc(8)])
    const hash = createHash('sha256').update(tag).update(networkId).update(bytes).digest()
    const signature = signMessage(key, { tag: 'pw/batch', networkId, bytes })
    expect(verifySignature(key.publicKey, new Uint8Array(hash), signature)).toBe(true)
  })

  test('holds for one type, one network and one text alone', () => {
    const message = fc.record({
      tag: fc.constantFrom(...TAG_NAMES),
      networkId: bytes32,
      bytes: fc.uint8Array({ maxLength: 100 }),
    })
    fc.assert(
      fc.property(message, fc.constantFrom(...TAG_NAMES), (signed, otherTag) => {
        const { publicKey } = key
        const signature = signMessage(key, signed)
        expect(verifyMessage(publicKey, signed, signature)).toBe(true)
        expect(verifyMessage(publicKey, { ...signed, tag: otherTag }, signature)).toBe(
          otherTag === signed.tag,
        )
        const network = signed.networkId.map((byte) => byte ^ 1)
        expect(verifyMessage(publicKey, { ...signed, networkId: network }, signature)).toBe(false)
        const longer = new Uint8Array([...signed.bytes, 0])
        expect(verifyMessage(publicKey, { ...signed, bytes: longer }, signature)).toBe(false)
      }),
    )
  })
})

describe('a key', () => {
  test('that everybody agrees on is let through', () => {
    expect(() => requireAcceptableKey(key.publicKey)).not.toThrow()
  })

  test('that they do not is refused with what to do', () => {
    for (const bytes of [new Uint8Array(32), new Uint8Array(31), new Uint8Array(100_000)]) {
      expect(() => requireAcceptableKey(bytes)).toThrow(
        expect.objectContaining({
          code: 'signature/bad-key',
          message: expect.stringContaining('make a new key'),
        }),
      )
    }
  })
})
