// What people write: amounts, invites; and what errors become.
import { ApiError } from '@piecework/api'
import { ChainError } from '@piecework/chain'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isInvite, readInvite, writeInvite } from '../src/common/invite.ts'
import { tokensOf, unitsOf } from '../src/common/money.ts'
import { dialAddress } from '../src/common/peer.ts'
import { presetOf } from '../src/common/place.ts'
import { CliError, EXIT, exitOf, sentenceOf } from '../src/errors.ts'
import { percentile } from '../src/local/summary.ts'

describe('amounts', () => {
  it('read back as they were', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 64n - 1n), fc.integer({ min: 0, max: 18 }), (units, decimals) => {
        expect(unitsOf(tokensOf(units, decimals), decimals)).toBe(units)
      }),
    )
  })

  it('are written as people do', () => {
    expect(tokensOf(1_250_000n, 6)).toBe('1.25')
    expect(tokensOf(1n, 6)).toBe('0.000001')
    expect(tokensOf(7n, 0)).toBe('7')
  })

  it.each(['', '-1', '1.', '.5', '1e3', '1,5', '0x10', '1.0000001', '99999999999999999999'])(
    'refuses %j',
    (text) => {
      expect(() => unitsOf(text, 6)).toThrow(CliError)
    },
  )
})

const network = 'So11111111111111111111111111111111111111112'
const invite = {
  name: 'demo',
  network,
  program: network,
  rpc: ['http://127.0.0.1:8899'],
  bootstrap: ['/ip4/127.0.0.1/tcp/4001/p2p/12D3KooWx'],
}

describe('an invite', () => {
  it('is one line that reads back', () => {
    const line = writeInvite(invite)
    expect(line).toMatch(/^pw1[\w-]+$/)
    expect(isInvite(line)).toBe(true)
    expect(readInvite(` ${line}\n`)).toEqual({ v: 1, ...invite })
  })

  it('that is broken, cut or another thing is refused with a sentence', () => {
    const line = writeInvite(invite)
    const other = (change: object): string =>
      `pw1${Buffer.from(JSON.stringify({ v: 1, ...invite, ...change })).toString('base64url')}`
    const broken = [
      ...Array.from({ length: line.length - 1 }, (_, length) => line.slice(0, length)),
      other({ v: 2 }),
      other({ network: 'nobody' }),
      other({ rpc: [] }),
      other({ rpc: ['file:///etc/passwd'] }),
      other({ bootstrap: ['http://x'] }),
      other({ more: 1 }),
      `pw1${'A'.repeat(10_000)}`,
    ]
    for (const one of broken) expect(() => readInvite(one)).toThrow(/This is no invite/)
  })

  it('says by its endpoints whether all is on this machine', () => {
    expect(presetOf({ rpc: ['http://127.0.0.1:1', 'http://localhost:2', 'http://[::1]:3'] })).toBe('local')
    expect(presetOf({ rpc: ['http://127.0.0.1:1', 'https://rpc.example'] })).toBe('public')
    expect(presetOf({ rpc: ['http://127.0.0.1.evil.example'] })).toBe('public')
  })
})

it('a peer is dialled under the name that libp2p gives its key', () => {
  const key = new Uint8Array(32)
  expect(dialAddress('/ip4/127.0.0.1/tcp/1', key)).toMatch(
    /^\/ip4\/127\.0\.0\.1\/tcp\/1\/p2p\/12D3KooW\w{44}$/,
  )
})

describe('errors', () => {
  it.each([
    [new CliError('notYet', 'x'), 'notYet'],
    [new ApiError('config/invalid', 'x'), 'usage'],
    [new ApiError('key/unreadable', 'x'), 'usage'],
    [new ApiError('client/unreachable', 'x'), 'unreachable'],
    [new ChainError('rpc/unreachable', 'x'), 'unreachable'],
    [new ChainError('rpc/timeout', 'x'), 'unreachable'],
    [new ChainError('program/refused', 'x'), 'refused'],
    [new ChainError('account/missing', 'x'), 'notYet'],
    [new Error('x'), 'failed'],
    ['x', 'failed'],
  ] as const)('%s ends with %s', (error, exit) => {
    expect(exitOf(error)).toBe(exit)
    expect(EXIT[exitOf(error)]).toBeGreaterThan(0)
  })

  it('are a sentence where they are ours, and a stack where they are a defect', () => {
    expect(sentenceOf(new ChainError('rpc/timeout', 'Too late.'))).toBe('Too late.')
    expect(sentenceOf(new TypeError('x is undefined'))).toContain('at ')
  })
})

it('a percentile is a value that was measured', () => {
  expect(percentile([], 0.5)).toBeUndefined()
  expect(percentile([3, 1, 2], 0.5)).toBe(2)
  expect(percentile([3, 1, 2], 0.95)).toBe(3)
})
