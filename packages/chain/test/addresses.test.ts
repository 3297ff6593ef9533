// Addresses come from the seeds that the description names, in the bytes of the fields they name.
import { PublicKey } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import {
  addressesOf,
  addressOf,
  addressOfKey,
  associatedTokens,
  ChainError,
  type DisputePlace,
  keyOf,
  networkAddress,
  parseAddress,
} from '../src/index.ts'
import { camel, encodeByIdl, idl } from './support/idl.ts'

const some = (byte: number) => addressOf(new Uint8Array(32).fill(byte))
const programId = some(1)
const network = some(2)
const at = addressesOf(programId, network)

/** The address by the description alone, from the account's fields. */
function derived(name: string, fields: Readonly<Record<string, unknown>>): string {
  const account = idl.accounts.find((one) => one.name === name)
  const seeds = (account?.seeds ?? []).map((seed) => {
    if (seed.startsWith("'")) return Buffer.from(seed.slice(1, -1))
    const type = account?.fields.find((field) => field.name === seed)?.type
    return encodeByIdl(type ?? 'address', fields[camel(seed)])
  })
  return addressOfKey(PublicKey.findProgramAddressSync(seeds, keyOf(programId))[0])
}

describe('addresses', () => {
  it('are those of the seeds', () => {
    const nameHash = new Uint8Array(32).fill(5)
    expect(networkAddress(programId, some(4), nameHash)).toBe(
      derived('Network', { creator: some(4), nameHash }),
    )
    expect(at.roster).toBe(derived('Roster', { network }))
    expect(at.verifier(70_000)).toBe(derived('Verifier', { network, id: 70_000 }))
    expect(at.job(some(6), 2n ** 63n)).toBe(derived('Job', { network, requester: some(6), nonce: 2n ** 63n }))
    for (const [requester, nonce] of [
      [some(6), 1n],
      [some(7), 1n],
      [some(6), 2n],
    ] as const) {
      const job = derived('Job', { network, requester, nonce })
      expect([at.job(requester, nonce), at.job(requester, nonce)]).toEqual([job, job])
    }
    expect(at.page(300)).toBe(derived('ClaimPage', { network, number: 300 }))
    const place: DisputePlace = { epoch: 7, ledger: 'slashes', index: 300, disputer: some(8) }
    expect(at.dispute(place)).toBe(derived('Dispute', { ...place, network, ledger: 2 }))
  })

  it('use the epoch accounts in turn, from -2 on', () => {
    for (const number of [-2, -1, 0, 1, 2, 3, 4, 4_000_001]) {
      expect(at.epoch(number)).toBe(derived('Epoch', { network, ring: ((number % 4) + 4) % 4 }))
    }
  })

  it('know the associated token account', () => {
    const wallet = parseAddress('9WzDXwBbmkg8ZTbNMqUxvQRAyrZzDsGYdLVL9zYtAWWM')
    const usdc = parseAddress('EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v')
    // What the token program's own client gives.
    expect(associatedTokens(wallet, usdc).address).toBe('FGETo8T8wMcN2wCjav8VK6eh3dLk63evNDPxzLSJra8B')
  })

  it.each(['', 'abc', `${'1'.repeat(31)}`, '0'.repeat(32), 'l'.repeat(44), '1'.repeat(2_000_000)])(
    'refuse other text in a sentence',
    (text) => {
      expect(() => parseAddress(text)).toThrow(ChainError)
    },
  )
})
