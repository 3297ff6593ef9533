import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accountDetail, accountDetails, hashLeaves, jobDetail, leafHash } from '../src/ledger.ts'

const U64_MAX = 2n ** 64n - 1n
const hash32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
const u64 = fc.bigInt({ min: 0n, max: U64_MAX })
const someLeaf = fc.record({ index: fc.nat(), amount: u64, owner: hash32, detail: hash32 })

function sha256(hex: string): string {
  return createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex')
}

function hex(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('hex')
}

function column(hashes: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(hashes))
}

describe('a leaf', () => {
  test('is the bytes that the page of bytes says', () => {
    const leaf = { index: 258, amount: 0x0102030405060708n, owner: bytes(0xaa), detail: bytes(0xbb) }
    const inner = sha256('aa'.repeat(32) + 'bb'.repeat(32))
    const text = `0201000000000000${'0807060504030201'}70772f6c656166${'00'.repeat(9)}${inner}`
    expect(hex(leafHash(leaf))).toBe(sha256(text))
  })

  test('is the same one at a time and in columns, over several chunks', () => {
    const count = 2_500
    const leaves = Array.from({ length: count }, (_, i) => ({
      index: 7 + i,
      amount: U64_MAX - BigInt(i) ** 5n,
      owner: bytes(i),
      detail: bytes(i * 31),
    }))
    const bulk = hashLeaves({
      first: 7,
      amounts: BigUint64Array.from(leaves, ({ amount }) => amount),
      owners: column(leaves.map(({ owner }) => owner)),
      details: column(leaves.map(({ detail }) => detail)),
    })
    expect(bulk).toEqual(column(leaves.map(leafHash)))
  })

  test('differs as soon as anything in it does', () => {
    fc.assert(
      fc.property(someLeaf, ({ index, amount, owner, detail }) => {
        const other = owner.map((byte, i) => (i === 31 ? byte ^ 1 : byte))
        const all = [
          { index, amount, owner, detail },
          { index: index + 1, amount, owner, detail },
          { index, amount: amount ^ 1n, owner, detail },
          { index, amount, owner: other, detail },
          { index, amount, owner, detail: detail.map((byte) => byte ^ 0x80) },
        ]
        expect(new Set(all.map((leaf) => hex(leafHash(leaf)))).size).toBe(all.length)
      }),
    )
  })

  test('is refused when it does not fit its bytes', () => {
    const leaf = { index: 0, amount: 0n, owner: bytes(1), detail: bytes(2) }
    expect(() => leafHash({ ...leaf, index: -1 })).toThrow(
      expect.objectContaining({ code: 'ledger/no-such-index' }),
    )
    expect(() => leafHash({ ...leaf, index: 0.5 })).toThrow(
      expect.objectContaining({ code: 'ledger/no-such-index' }),
    )
    for (const amount of [-1n, U64_MAX + 1n]) {
      expect(() => leafHash({ ...leaf, amount })).toThrow(
        expect.objectContaining({ code: 'ledger/bad-amount' }),
      )
    }
    for (const length of [0, 31, 33]) {
      const wrong = expect.objectContaining({ code: 'bytes/malformed' })
      expect(() => leafHash({ ...leaf, owner: new Uint8Array(length) })).toThrow(wrong)
      expect(() => leafHash({ ...leaf, detail: new Uint8Array(length) })).toThrow(wrong)
      const columns = { amounts: new BigUint64Array(1), owners: bytes(1), details: bytes(2) }
      expect(() => hashLeaves({ ...columns, owners: new Uint8Array(length) })).toThrow(wrong)
      expect(() => hashLeaves({ ...columns, details: new Uint8Array(length) })).toThrow(wrong)
      expect(() => hashLeaves({ ...columns, amounts: new BigUint64Array(2) })).toThrow(wrong)
    }
  })
})

describe('a detail', () => {
  test('is the bytes that the page of bytes says', () => {
    const account = accountDetail({ minAmount: 5n, maxFee: 0xff00n, rest: bytes(0xcc) })
    const terms = `0500000000000000${'00ff000000000000'}${'00'.repeat(16)}`
    expect(hex(account)).toBe(sha256(terms + 'cc'.repeat(32)))
    expect(hex(jobDetail(true, bytes(0xcc)))).toBe(sha256(`01${'00'.repeat(31)}${'cc'.repeat(32)}`))
    expect(hex(jobDetail(false, bytes(0xcc)))).toBe(sha256(`00${'00'.repeat(31)}${'cc'.repeat(32)}`))
  })

  test('of an account is the same one at a time and in columns', () => {
    const account = fc.record({ minAmount: u64, maxFee: u64, rest: hash32 })
    fc.assert(
      fc.property(fc.array(account, { maxLength: 40 }), (accounts) => {
        const minAmounts = BigUint64Array.from(accounts, ({ minAmount }) => minAmount)
        const maxFees = BigUint64Array.from(accounts, ({ maxFee }) => maxFee)
        const rests = column(accounts.map(({ rest }) => rest))
        expect(accountDetails({ minAmounts, maxFees, rests })).toEqual(column(accounts.map(accountDetail)))
        const bare = accounts.map((terms) => accountDetail({ ...terms, rest: new Uint8Array(32) }))
        expect(accountDetails({ minAmounts, maxFees })).toEqual(column(bare))
      }),
    )
  })

  test('is refused when it does not fit its bytes', () => {
    const terms = { minAmount: 1n, maxFee: 1n, rest: bytes(0) }
    const malformed = expect.objectContaining({ code: 'bytes/malformed' })
    expect(() => accountDetail({ ...terms, rest: new Uint8Array(31) })).toThrow(malformed)
    expect(() => jobDetail(true, new Uint8Array(33))).toThrow(malformed)
    expect(() => accountDetail({ ...terms, maxFee: -1n })).toThrow(
      expect.objectContaining({ code: 'ledger/bad-amount' }),
    )
    const columns = { minAmounts: new BigUint64Array(2), maxFees: new BigUint64Array(2) }
    expect(() => accountDetails({ ...columns, maxFees: new BigUint64Array(1) })).toThrow(malformed)
    expect(() => accountDetails({ ...columns, rests: new Uint8Array(63) })).toThrow(malformed)
  })
})

function bytes(value: number): Uint8Array {
  return new Uint8Array(32).fill(value)
}
