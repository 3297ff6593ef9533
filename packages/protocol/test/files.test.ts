// What a network's founder writes for its first verifiers: the genesis state and the parameters of kinds.
import { describe, expect, it } from 'vitest'
import {
  genesisState,
  type KindRules,
  kindsCodec,
  pageState,
  readStateFile,
  writeStateFile,
} from '../src/index.ts'

const compute: KindRules = {
  kind: 1,
  version: 1,
  allocation: 'dealt',
  checking: 'exact',
  rate: 200_000,
  cap: 0,
}

const state = genesisState({
  networkId: new Uint8Array(32).fill(1),
  kinds: [compute],
  trialRows: 5,
  nodes: [2, 3].map((byte) => ({
    nodeKey: new Uint8Array(32).fill(byte),
    wallet: new Uint8Array(32).fill(byte + 10),
    kinds: [{ kind: 1, capacity: 100 }],
    attributes: [],
    expiresAtEpoch: 1000,
    vouched: 50n,
    minAmount: 1n,
    maxFee: 1n,
  })),
})

/** Undefined where it is refused. */
function hashOf(file: Uint8Array): Uint8Array | undefined {
  try {
    return readStateFile(file).paged.stateHash
  } catch {
    return undefined
  }
}

describe('a state in a file', () => {
  const file = writeStateFile(pageState(state))

  it('reads back as the state with its hash', () => {
    const read = readStateFile(file)
    expect(read.state).toEqual(state)
    expect(read.paged.stateHash).toEqual(pageState(state).stateHash)
  })

  it('is refused when a part of it is missing, changed or too much', () => {
    for (let length = 0; length < file.length; length += 7) {
      expect(() => readStateFile(file.subarray(0, length))).toThrow()
    }
    expect(() => readStateFile(Uint8Array.from([...file, 0]))).toThrow()
    expect(() => readStateFile(Uint8Array.from([...file, 0, 0, 0, 0]))).toThrow('all pages')
    for (let at = 0; at < file.length; at += 11) {
      expect(hashOf(file.with(at, (file[at] ?? 0) ^ 1))).not.toEqual(hashOf(file))
    }
  })
})

describe('the parameters of kinds', () => {
  const custom: KindRules = { ...compute, kind: 2, allocation: 'open', cap: 5 }

  it('read back', () => {
    expect(kindsCodec.decode(kindsCodec.encode([compute, custom]))).toEqual([compute, custom])
  })

  it('have one order, each kind once, and words that are known', () => {
    expect(() => kindsCodec.encode([custom, compute])).toThrow('ascending')
    expect(() => kindsCodec.encode([compute, compute])).toThrow('ascending')
    const bytes = kindsCodec.encode([compute])
    expect(() => kindsCodec.decode(bytes.with(6, 9))).toThrow('no way that is known')
  })
})
