import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HeldBatch } from '../src/batch.ts'
import { type Added, Chains } from '../src/chain.ts'
import { CHAIN_BATCHES, WAITING_BATCHES } from '../src/limits.ts'
import { at, batchAfter, chainOf, EPOCH, keyOf, NETWORK, ROW, verify } from './support/chain.ts'

const key = keyOf(1)

function newChains(isNode: (nodeKey: Uint8Array) => boolean = () => true): Chains {
  return new Chains({ networkId: NETWORK, epoch: EPOCH, verify, isNode })
}

const outcome = (added: Added): string => (added.status === 'refused' ? added.code : added.status)

function addAll(chains: Chains, batches: readonly HeldBatch[]): string[] {
  return batches.map(({ signed }) => outcome(chains.add(signed)))
}

describe('a chain', () => {
  test('takes batches in order, each once', () => {
    const chains = newChains()
    const batches = chainOf(key, 3)
    expect(addAll(chains, batches)).toEqual(['accepted', 'accepted', 'accepted'])
    expect(addAll(chains, batches)).toEqual(['duplicate', 'duplicate', 'duplicate'])
    expect(chains.head(key.publicKey)).toEqual(batches[2])
    expect(chains.chainOf(key.publicKey)?.batches).toEqual(batches)
  })

  test('is the same whatever the order in which its batches came', () => {
    const batches = chainOf(key, 8)
    fc.assert(
      fc.property(fc.shuffledSubarray(batches, { minLength: 8 }), (shuffled) => {
        const chains = newChains()
        const accepted = shuffled.flatMap(({ signed }) => {
          const added = chains.add(signed)
          return added.status === 'accepted' ? added.batches : []
        })
        expect(accepted).toEqual(batches)
        expect(chains.chainOf(key.publicKey)?.batches).toEqual(batches)
      }),
      { numRuns: 50 },
    )
  })

  test('keeps the chains of nodes apart', () => {
    const chains = newChains()
    const other = keyOf(2)
    addAll(chains, [...chainOf(key, 2), ...chainOf(other, 3)])
    expect([...chains.all()].map(({ batches }) => batches.length)).toEqual([2, 3])
    expect(chains.head(keyOf(3).publicKey)).toBeUndefined()
  })

  test('lets batches wait for those before them, but only so far ahead', () => {
    const chains = newChains()
    const batches = chainOf(key, WAITING_BATCHES + 2)
    const [first, ...rest] = batches
    expect(addAll(chains, rest)).toEqual([...Array(WAITING_BATCHES).fill('waiting'), 'batch/broken-chain'])
    expect(addAll(chains, [at(rest, 0)])).toEqual(['duplicate'])
    expect(chains.head(key.publicKey)).toBeUndefined()
    const added = chains.add(first?.signed ?? new Uint8Array())
    expect(added.status === 'accepted' ? added.batches.length : 0).toBe(WAITING_BATCHES + 1)
  })
})

describe('a batch is refused', () => {
  test('from another network or epoch, before its signature is looked at', () => {
    const chains = new Chains({
      networkId: NETWORK,
      epoch: EPOCH,
      isNode: () => true,
      verify: () => {
        throw new Error('asked for a signature')
      },
    })
    const elsewhere = batchAfter({ key, networkId: new Uint8Array(32).fill(8) })
    expect(addAll(chains, [elsewhere])).toEqual(['batch/wrong-network'])
    expect(addAll(chains, [batchAfter({ key, epoch: EPOCH + 1 })])).toEqual(['batch/wrong-epoch'])
  })

  test('with a signature that is not its node key’s, and leaves nothing behind', () => {
    const chains = newChains()
    const { signed } = batchAfter({ key })
    expect(outcome(chains.add(signed.with(5, (signed[5] ?? 0) ^ 1)))).toBe('signature/invalid')
    const forged = batchAfter({ key: { publicKey: key.publicKey, sign: keyOf(2).sign } })
    expect(addAll(chains, [forged])).toEqual(['signature/invalid'])
    expect([...chains.all()]).toEqual([])
  })

  test('with any bit of it changed', () => {
    const { signed } = batchAfter({ key })
    fc.assert(
      fc.property(fc.nat(signed.length - 1), fc.nat(7), (place, bit) => {
        const added = newChains().add(signed.with(place, (signed[place] ?? 0) ^ (1 << bit)))
        expect(added.status).toBe('refused')
      }),
    )
  })

  test('of a key that is no node', () => {
    const chains = newChains(() => false)
    expect(addAll(chains, [batchAfter({ key })])).toEqual(['batch/invalid'])
  })

  test('beyond what an epoch may have', () => {
    const { signed } = batchAfter({ key, seq: CHAIN_BATCHES })
    expect(outcome(newChains().add(signed))).toBe('batch/invalid')
  })

  test('when it does not follow what came before', () => {
    const chains = newChains()
    expect(addAll(chains, [batchAfter({ key, after: at(chainOf(key, 2, 50), 0), seq: 0 })])).toEqual([
      'batch/broken-chain',
    ])
    addAll(chains, chainOf(key, 2))
    const onAnother = at(chainOf(key, 3, 50), 2)
    expect(addAll(chains, [onAnother])).toEqual(['batch/broken-chain'])
    expect(chains.chainOf(key.publicKey)?.batches).toHaveLength(2)
  })

  test('when its bytes are none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(newChains().add(bytes).status).toBe('refused')
      }),
    )
    expect(outcome(newChains().add(new Uint8Array(60_000)))).toBe('bytes/too-long')
  })
})

describe('two batches for one place', () => {
  test('are an equivocation, and nothing more is taken', () => {
    const chains = newChains()
    const batches = chainOf(key, 3)
    addAll(chains, batches.slice(0, 2))
    const other = batchAfter({ key, after: at(batches, 0), rows: [{ ...ROW, task: 99 }] })
    const added = chains.add(other.signed)
    expect(added).toEqual({ status: 'equivocation', batches: [batches[1], other] })
    expect(chains.chainOf(key.publicKey)?.equivocation).toEqual([batches[1], other])
    expect(addAll(chains, [at(batches, 2)])).toEqual(['batch/equivocation'])
  })

  test('are found among those that wait', () => {
    const chains = newChains()
    const batches = chainOf(key, 2)
    const other = batchAfter({ key, after: at(batches, 0), rows: [{ ...ROW, task: 99 }] })
    expect(addAll(chains, [at(batches, 1), other])).toEqual(['waiting', 'equivocation'])
  })

  test('need both signatures', () => {
    const chains = newChains()
    addAll(chains, chainOf(key, 1))
    const forged = batchAfter({
      key: { publicKey: key.publicKey, sign: keyOf(2).sign },
      rows: [{ ...ROW, task: 9 }],
    })
    expect(addAll(chains, [forged])).toEqual(['signature/invalid'])
    expect(chains.chainOf(key.publicKey)?.equivocation).toBeUndefined()
  })

  test('one that waited for another branch is dropped when the chain comes past it', () => {
    const chains = newChains()
    const batches = chainOf(key, 2)
    const branch = chainOf(key, 2, 50)
    expect(addAll(chains, [at(branch, 1), at(batches, 0), at(batches, 1)])).toEqual([
      'waiting',
      'accepted',
      'accepted',
    ])
    expect(addAll(chains, [at(branch, 0)])).toEqual(['equivocation'])
  })
})
