import { readFileSync } from 'node:fs'
import { PublicKey } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import { makeLedger } from './support/ledger.ts'
import { makeNetwork } from './support/network.ts'
import { putRoots } from './support/roots.ts'
import { World } from './support/world.ts'

type Vector = {
  readonly name: string
  readonly leaves: readonly {
    readonly amount: string
    readonly owner: string
    readonly detail: string
  }[]
  readonly root: string
  readonly proofs: readonly (readonly string[])[]
}

const path = new URL('../../../test/vectors/ledger.json', import.meta.url)
const vectors: readonly Vector[] = JSON.parse(readFileSync(path, 'utf8'))
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))
const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex')

describe('the ledgers of these tests', () => {
  it.each(vectors)('are those of the vectors: $name', ({ leaves, root, proofs }) => {
    const ledger = makeLedger(
      leaves.map(({ amount, owner, detail }) => ({
        amount: BigInt(amount),
        owner: new PublicKey(bytes(owner)),
        detail: bytes(detail),
      })),
    )
    expect(hex(ledger.root.root)).toBe(root)
    expect(proofs.map((_, index) => ledger.proof(index).map(hex))).toEqual(proofs)
  })

  it('stand in a network where a final root stands', () => {
    const world = new World()
    const network = makeNetwork(world)
    const { root } = makeLedger([{ amount: 7n, owner: network.id, detail: new Uint8Array(32) }])
    putRoots(world, network, { epoch: 18n, slot: 900n, jobs: root })
    expect(world.read('Network', network.id, 'roots.2.epoch')).toBe(18n)
    expect(world.read('Network', network.id, 'roots.2.jobs.root')).toBe(hex(root.root))
    expect(world.read('Network', network.id, 'totals.charged')).toBe(7n)
  })
})
