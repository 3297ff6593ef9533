import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromBase58, toBase58 } from '../src/base58.ts'
import { fromHex, toHex } from '../src/bytes.ts'
import { enrolmentCodec, joinEnrolment } from '../src/codecs.ts'
import {
  enrolmentHash,
  isRenewal,
  readEnrolment,
  selectEnrolments,
  walletText,
  walletTextBytes,
} from '../src/enrolment.ts'
import { ProtocolError } from '../src/errors.ts'
import type { EnrolmentInput } from '../src/inputs.ts'
import type { Enrolment } from '../src/messages.ts'
import { leadingZeroBits, mintStamp, stampHash } from '../src/stamp.ts'
import * as some from './support/arbitrary.ts'
import { at, keyOf, NETWORK, verify } from './support/chain.ts'

const node = keyOf(1)
const wallet = keyOf(2)
const STAMP_BITS = 6

const ENROLMENT: Enrolment = {
  networkId: NETWORK,
  nodeKey: node.publicKey,
  wallet: wallet.publicKey,
  kinds: [
    { kind: 1, capacity: 20 },
    { kind: 4, capacity: 3 },
  ],
  attributes: [{ name: 'country', value: 'NL' }],
  minAmount: 5_000_000n,
  maxFee: 12_000n,
  expiresAtEpoch: 9000,
  nonce: 7n,
  stamp: 0n,
}

function minted(change: Partial<Enrolment> = {}, stampBits = STAMP_BITS): Enrolment {
  const found = mintStamp({ ...ENROLMENT, ...change }, { stampBits, from: 0n, steps: 100_000 })
  if ('next' in found) throw new Error('no stamp in 100,000 tries')
  return found.enrolment
}

interface Signers {
  readonly byNode?: typeof node
  readonly byWallet?: typeof node | undefined
}

function signed(enrolment: Enrolment, { byNode = node, byWallet = wallet }: Signers = {}): Uint8Array {
  const message = enrolmentCodec.encode(enrolment)
  const hash = enrolmentHash(enrolment.networkId, message)
  const nodeSignature = byNode.sign(hash)
  const walletSignature = isRenewal(enrolment) ? undefined : byWallet?.sign(walletTextBytes(enrolment, hash))
  return joinEnrolment({ nodeSignature, walletSignature, message })
}

const read = (bytes: Uint8Array): EnrolmentInput =>
  readEnrolment(bytes, { networkId: NETWORK, stampBits: STAMP_BITS, verify })

function codeOf(bytes: Uint8Array): string {
  try {
    read(bytes)
    return 'none'
  } catch (error) {
    if (error instanceof ProtocolError) return error.code
    throw error
  }
}

describe('the text that a wallet signs', () => {
  test('says what it allows, and names the whole enrolment', () => {
    const hash = new Uint8Array(32).fill(0xab)
    expect(walletText(ENROLMENT, hash)).toBe(
      `Piecework: a node works for my wallet

What this node earns is paid to my wallet. Signing moves no money.

Network: ${toBase58(NETWORK)}
Node: ${toBase58(node.publicKey)}
Wallet: ${toBase58(wallet.publicKey)}
Kinds of work: 1 (up to 20 tasks an epoch), 4 (up to 3 tasks an epoch)
Others may carry a claim of at least: 5000000 (smallest units)
for a fee of at most: 12000 (smallest units)
Valid until epoch: 9000
Number: 7
Enrolment: ${'ab'.repeat(32)}`,
    )
    expect(walletText({ ...ENROLMENT, kinds: [] }, hash)).toContain('Kinds of work: none, the node leaves')
  })

  test('is one line a fact: nothing that an enrolment says can add one', () => {
    fc.assert(
      fc.property(some.enrolment, some.bytes32, (enrolment, hash) => {
        expect(walletText(enrolment, hash).split('\n')).toHaveLength(13)
      }),
    )
  })

  test('shows keys as wallets do', () => {
    expect(toBase58(new Uint8Array(32))).toBe('1'.repeat(32))
    expect(toBase58(fromHex('0000287fb4cd'))).toBe('11233QC4')
    // The address of the token program.
    const program = '06ddf6e1d765a193d9cbe146ceeb79ac1cb485ed5f5b37913a8cf5857eff00a9'
    expect(toBase58(fromHex(program))).toBe('TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA')
  })
})

describe('base58', () => {
  test('reads back what it wrote, zeros in front included', () => {
    const bytes = fc.tuple(fc.nat(4), fc.uint8Array({ maxLength: 64 }))
    fc.assert(
      fc.property(bytes, ([zeros, rest]) => {
        const value = Uint8Array.of(...new Uint8Array(zeros), ...rest)
        expect(fromBase58(toBase58(value))).toEqual(value)
      }),
    )
  })

  test('refuses what is none, and what is too long', () => {
    for (const text of ['0', 'O', 'I', 'l', 'abc ', 'é', '1'.repeat(129)]) {
      expect(() => fromBase58(text)).toThrow(ProtocolError)
    }
  })
})

describe('a signed enrolment', () => {
  test('is read when node and wallet signed it', () => {
    const enrolment = minted()
    const input = read(signed(enrolment))
    expect(input).toMatchObject({ enrolment, byWallet: true })
    expect(input.hash).toEqual(enrolmentHash(NETWORK, enrolmentCodec.encode(enrolment)))
  })

  test('renews with the node key alone, and then names no wallet', () => {
    const renewal = minted({ wallet: new Uint8Array(32) })
    expect(read(signed(renewal))).toMatchObject({ byWallet: false })
    const message = enrolmentCodec.encode(renewal)
    const nodeSignature = node.sign(enrolmentHash(NETWORK, message))
    const walletSignature = wallet.sign(message)
    expect(codeOf(joinEnrolment({ nodeSignature, walletSignature, message }))).toBe('enrolment/invalid')
  })

  test('can’t lose its wallet’s signature on the way', () => {
    const bytes = signed(minted())
    bytes.fill(0, 64, 128)
    expect(codeOf(bytes)).toBe('signature/invalid')
  })

  test('holds for no other bytes: any changed bit is refused', () => {
    const bytes = signed(minted())
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (place, bit) => {
        const changed = bytes.with(place, (bytes[place] ?? 0) ^ (1 << bit))
        expect(['bytes/malformed', 'enrolment/invalid', 'signature/invalid']).toContain(codeOf(changed))
      }),
    )
  })

  test('is refused when either signature is another’s', () => {
    const enrolment = minted()
    expect(codeOf(signed(enrolment, { byNode: keyOf(3) }))).toBe('signature/invalid')
    expect(codeOf(signed(enrolment, { byWallet: keyOf(3) }))).toBe('signature/invalid')
    expect(codeOf(signed(enrolment, { byWallet: node }))).toBe('signature/invalid')
  })

  test('is refused for another network, without a stamp, or when it is none', () => {
    expect(codeOf(signed(minted({ networkId: new Uint8Array(32).fill(8) })))).toBe('enrolment/invalid')
    const weak = [...Array(100).keys()].map((stamp) => ({ ...ENROLMENT, stamp: BigInt(stamp) }))
    const unstamped = weak.find(
      (one) => leadingZeroBits(stampHash(NETWORK, enrolmentCodec.encode(one))) < STAMP_BITS,
    )
    expect(codeOf(signed(unstamped ?? minted()))).toBe('enrolment/invalid')
    expect(codeOf(new Uint8Array(300))).toBe('bytes/malformed')
    expect(codeOf(new Uint8Array(50))).toBe('bytes/malformed')
  })

  test('is refused for a key that not all software agrees on', () => {
    // The identity: with it, a signature of R = S B fits every message.
    const identity = Uint8Array.of(1, ...new Uint8Array(31))
    const enrolment = minted({ nodeKey: identity })
    const message = enrolmentCodec.encode(enrolment)
    const parts = { nodeSignature: new Uint8Array(64), walletSignature: new Uint8Array(64).fill(1), message }
    const options = { networkId: NETWORK, stampBits: STAMP_BITS, verify: () => true }
    expect(() => readEnrolment(joinEnrolment(parts), options)).toThrow(/key/)
  })
})

describe('a stamp', () => {
  test('is found in steps, wherever one begins, and holds for these bytes alone', () => {
    const options = { stampBits: 8, steps: 50 }
    let from = 0n
    for (;;) {
      const result = mintStamp(ENROLMENT, { ...options, from })
      if ('enrolment' in result) {
        const hash = stampHash(NETWORK, enrolmentCodec.encode(result.enrolment))
        expect(leadingZeroBits(hash)).toBeGreaterThanOrEqual(8)
        expect(result.enrolment).toEqual({ ...ENROLMENT, stamp: result.enrolment.stamp })
        break
      }
      expect(result.next).toBe(from + 50n)
      from = result.next
    }
  })

  test('counts the zero bits in front', () => {
    expect(leadingZeroBits(Uint8Array.of(0x80))).toBe(0)
    expect(leadingZeroBits(Uint8Array.of(0x01, 0xff))).toBe(7)
    expect(leadingZeroBits(Uint8Array.of(0, 0, 0x10))).toBe(19)
    expect(leadingZeroBits(new Uint8Array(32))).toBe(256)
  })
})

describe('which enrolments enter', () => {
  const input = (nodeKey: number, nonce: bigint, stamp: number): EnrolmentInput => {
    const enrolment = { ...ENROLMENT, nodeKey: new Uint8Array(32).fill(nodeKey), nonce }
    const stampOf = new Uint8Array(32).fill(stamp)
    return {
      enrolment,
      hash: Uint8Array.of(nodeKey, Number(nonce), stamp),
      stampHash: stampOf,
      byWallet: true,
    }
  }
  const names = (inputs: readonly EnrolmentInput[]): string[] => inputs.map(({ hash }) => toHex(hash))

  test('the best stamps first, then by node key, no more than there is room for', () => {
    const all = [input(3, 1n, 5), input(2, 1n, 5), input(1, 1n, 9), input(4, 1n, 1)]
    expect(selectEnrolments(all, 3)).toEqual([at(all, 3), at(all, 1), at(all, 0)])
  })

  test('the highest nonce of a node wins, and equal ones void each other', () => {
    const newest = input(1, 3n, 9)
    expect(selectEnrolments([input(1, 1n, 0), newest, input(1, 2n, 0)], 9)).toEqual([newest])
    expect(
      selectEnrolments([input(1, 3n, 1), input(1, 3n, 2), input(1, 2n, 0), input(2, 1n, 0)], 9),
    ).toHaveLength(1)
    expect(selectEnrolments([newest, newest], 9)).toEqual([newest])
  })

  test('the same, whatever the order in which they came', () => {
    const inputs = fc.array(
      fc.tuple(fc.nat(5), fc.bigInt({ min: 0n, max: 3n }), fc.nat(3)).map((fields) => input(...fields)),
    )
    fc.assert(
      fc.property(inputs, fc.nat(6), (list, room) => {
        const forwards = names(selectEnrolments(list, room))
        expect(names(selectEnrolments([...list].reverse(), room))).toEqual(forwards)
        expect(forwards.length).toBeLessThanOrEqual(room)
      }),
    )
  })
})
