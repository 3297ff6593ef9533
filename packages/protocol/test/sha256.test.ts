import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as browser from '../src/sha256.browser.ts'
import * as node from '../src/sha256.node.ts'

test('both backends hash alike', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(browser.sha256(bytes)).toEqual(node.sha256(bytes))
    }),
  )
})

test('both backends hash parts as what they are together', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 5 }), (parts) => {
      const whole = node.sha256(new Uint8Array(Buffer.concat(parts)))
      expect(node.sha256Parts(parts)).toEqual(whole)
      expect(browser.sha256Parts(parts)).toEqual(whole)
    }),
  )
})

test('both backends hash pairs as they hash 64 bytes', () => {
  fc.assert(
    fc.property(fc.nat({ max: 40 }), fc.nat(), (pairs, seed) => {
      const input = Uint8Array.from({ length: pairs * 64 }, (_, i) => (i * 31 + seed * (i >> 5)) & 255)
      const outputs = [node, browser].map(({ hashPairsInto }) => {
        const output = new Uint8Array(pairs * 32)
        hashPairsInto(input, output)
        return output
      })
      expect(outputs[1]).toEqual(outputs[0])
      for (let i = 0; i < pairs; i++) {
        const hash = node.sha256(input.subarray(i * 64, i * 64 + 64))
        expect(outputs[0]?.subarray(i * 32, i * 32 + 32)).toEqual(hash)
      }
    }),
  )
})
