// Serve and hold: what is told before anything is final, and what is not taken.
import { describe, expect, it } from 'vitest'
import { Hold } from '../src/hold.ts'
import { Serve } from '../src/serve.ts'
import { bare, hashOf, node, stranger } from './support/bare.ts'

async function serving() {
  const { shared } = await bare()
  return { shared, serve: new Serve({ ...shared, saved: () => -1, idIn: () => 0 }) }
}

describe('serve', () => {
  it('knows the standing of nodes in the state, and of nobody else', async () => {
    const { serve } = await serving()
    const known = await serve.status({ nodeKey: node.publicKey, from: 0 })
    expect(known).toMatchObject({ epoch: -1, acks: [], standing: { node: 0, bond: 0n }, results: [] })
    const unknown = await serve.status({ nodeKey: stranger.publicKey, from: 0 })
    expect(unknown.standing).toBeUndefined()
  })

  it('gives no leaf before an epoch is final', async () => {
    const { serve } = await serving()
    const question = { ledger: 'accounts', owner: hashOf('wallet'), index: undefined } as const
    await expect(serve.ledger(question)).rejects.toThrow('no epoch is final yet')
  })
})

describe('hold', () => {
  it('takes nothing for a job that is not on chain', async () => {
    const { shared } = await bare()
    const hold = new Hold({ ...shared, onChain: () => [] })
    const bytes = Uint8Array.of(1)
    await expect(hold.upload({ job: hashOf('a job'), bytes })).rejects.toThrow('no such job')
    expect((await shared.store.content.used()).items).toBe(0)
  })
})
