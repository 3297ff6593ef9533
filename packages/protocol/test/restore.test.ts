// A state that was fetched in pages, from anybody and in any order, goes on to the same hashes.
import { SeededRandom } from '@piecework/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyEpoch } from '../src/apply/apply.ts'
import { attestationHash } from '../src/attestation.ts'
import { concat, toHex, u32le } from '../src/bytes.ts'
import { ProtocolError } from '../src/errors.ts'
import { h } from '../src/hash.ts'
import { rootOf } from '../src/ledger-tree.ts'
import { genesisState } from '../src/state/genesis.ts'
import { type PagedState, pageState, readManifest, restoreState } from '../src/state/pages.ts'
import { SECTIONS } from '../src/state/sections.ts'
import type { State } from '../src/state/state.ts'
import { at } from './support/chain.ts'
import { RandomWorld, shape } from './support/random-world.ts'

const WORLDS = 8
/** Epochs before the state is restored, and epochs that it then goes on for. */
const BEFORE = 12
const AFTER = 5

/** Every page under the hash by which it is asked for. */
function shelve({ sections }: PagedState, random: SeededRandom): Map<string, Uint8Array> {
  const pages = sections.flatMap((list, i) => list.map((page) => ({ tag: at(SECTIONS, i).tag, page })))
  return new Map(random.shuffled(pages).map(({ tag, page }) => [toHex(h(tag, page)), page.slice()]))
}

function restore(paged: PagedState, pages: ReadonlyMap<string, Uint8Array>): State {
  const manifest = readManifest(paged.manifest.slice(), paged.stateHash)
  return restoreState(manifest, (hash) => pages.get(toHex(hash)) ?? new Uint8Array())
}

function codeOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof ProtocolError) return error.code
    throw error
  }
  return 'none'
}

test(`a restored state is the same, and gives the same attestations for ${AFTER} more epochs`, () => {
  const play = fc.property(shape, fc.nat(BEFORE), (one, before) => {
    const random = new RandomWorld(one)
    for (let i = 0; i < before; i++) random.step()
    const paged = pageState(random.world.state)
    let restored = restore(paged, shelve(paged, new SeededRandom(`shelf ${one.seed}`)))
    expect(restored).toEqual(random.world.state)
    for (let i = 0; i < AFTER; i++) {
      const epoch = random.prepare()
      const theirs = applyEpoch({ ...epoch, state: restored })
      const ours = random.world.apply(epoch)
      expect(toHex(attestationHash(theirs.attestation))).toBe(toHex(attestationHash(ours.attestation)))
      restored = theirs.state
    }
  })
  fc.assert(play, { numRuns: WORLDS, endOnFailure: true })
})

test('a section of more records than a page may have is cut into pages, in its order', () => {
  const node = { kinds: [], attributes: [], expiresAtEpoch: 9, vouched: 1n, minAmount: 0n, maxFee: 0n }
  const keys = Array.from({ length: 2_500 }, (_, i) => h('pw/nodes', u32le(i)))
  const nodes = keys.map((key) => ({ ...node, nodeKey: key, wallet: key }))
  const state = genesisState({ networkId: new Uint8Array(32), kinds: [], trialRows: 5, nodes })
  const paged = pageState(state)
  const [pages = []] = paged.sections
  expect(pages).toHaveLength(3)
  const hashes = pages.map((page) => h('pw/nodes', page))
  expect(toHex(paged.nodesRoot)).toBe(toHex(rootOf(concat(hashes))))
  expect(restore(paged, shelve(paged, new SeededRandom('many nodes')))).toEqual(state)
})

describe('of a state that came in pages', () => {
  const random = new RandomWorld({ seed: 7, nodes: 6, verifiers: 4 })
  for (let i = 0; i < BEFORE; i++) random.step()
  const paged = pageState(random.world.state)
  const pages = [...shelve(paged, new SeededRandom('pages'))]

  test('a page with any bit changed is refused', () => {
    const change = fc.property(fc.nat(pages.length - 1), fc.nat(), fc.nat(7), (which, place, bit) => {
      const [hash, page] = at(pages, which)
      const byte = place % page.length
      const wrong = page.with(byte, (page[byte] ?? 0) ^ (1 << bit))
      const shelf = new Map(pages).set(hash, wrong)
      expect(codeOf(() => restore(paged, shelf))).toBe('state/wrong-hash')
    })
    fc.assert(change)
  })

  test('a page that is missing, cut short or another one is refused', () => {
    for (const [i, [hash, page]] of pages.entries()) {
      const [, other] = at(pages, (i + 1) % pages.length)
      for (const wrong of [new Uint8Array(), page.subarray(1), other]) {
        expect(codeOf(() => restore(paged, new Map(pages).set(hash, wrong)))).toBe('state/wrong-hash')
      }
    }
  })

  test('a manifest that is not the attested one is refused', () => {
    const change = fc.property(fc.nat(paged.manifest.length - 1), fc.nat(7), (byte, bit) => {
      const manifest = paged.manifest.with(byte, (paged.manifest[byte] ?? 0) ^ (1 << bit))
      expect(codeOf(() => readManifest(manifest, paged.stateHash))).toBe('state/wrong-hash')
    })
    fc.assert(change)
    expect(codeOf(() => readManifest(paged.manifest.subarray(1), paged.stateHash))).toBe('state/wrong-hash')
    expect(codeOf(() => readManifest(paged.manifest, random.world.networkId))).toBe('state/wrong-hash')
  })
})
