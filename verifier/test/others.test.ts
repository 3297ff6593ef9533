// Others: one that is gone costs its patience once, and not with everything that is asked.
import { DATA_WHOLE_BYTES, DataAnswers, type DataQuestion, protocols } from '@piecework/network'
import { equalBytes, keyFromSecret, toHex } from '@piecework/protocol'
import { describe, expect, it, vi } from 'vitest'
import { isContent, sha256 } from '../src/common/hashes.ts'
import { Others } from '../src/common/others.ts'
import { bare, hashOf } from './support/bare.ts'

const bytes = new TextEncoder().encode('content')
const hash = hashOf('content')

describe('others', () => {
  it('leave alone for a while who fails, and ask again then', async () => {
    const { shared, networks, moment } = await bare()
    const asked: DataQuestion[] = []
    let now = 0
    const time = { now: () => now, wait: () => new Promise<void>(() => {}) }
    const others = new Others({ network: shared.network, time })
    others.see(await moment())
    const [first, second] = [1, 2].map((id) =>
      networks.join(keyFromSecret(hashOf(`key of vote key ${id}`)).publicKey),
    )
    if (first === undefined || second === undefined) throw new Error('two of them join')
    first.answer(protocols.data, (question) => {
      asked.push(question)
      return Promise.reject(new Error('its disk is gone'))
    })
    second.answer(protocols.data, async ({ hashes }) => ({ found: hashes.map(() => bytes) }))
    await first.start()
    await second.start()
    const wanted = { sort: 'content', hashes: [hash], first: others.keysOf([1]), isRight: isContent } as const
    for (let times = 0; times < 3; times++)
      expect((await others.fetch(wanted)).get(toHex(hash))).toEqual(bytes)
    expect(asked).toHaveLength(1)
    now = 10_000
    await others.fetch(wanted)
    expect(asked).toHaveLength(2)
  })

  it('have a long thing from the one who tells the truth, and leave the other alone for a while', async () => {
    const { shared, networks, moment } = await bare()
    const long = new Uint8Array(DATA_WHOLE_BYTES + 1).fill(7)
    const time = { now: () => 0, wait: () => new Promise<void>(() => {}) }
    const others = new Others({ network: shared.network, time })
    others.see(await moment())
    let asked = 0
    for (const id of [1, 2]) {
      const other = networks.join(keyFromSecret(hashOf(`key of vote key ${id}`)).publicKey)
      const answers = new DataAnswers(async () => (id === 1 ? long.map((byte) => byte + 1) : long))
      other.answer(protocols.data, (question) => {
        asked += id === 1 ? 1 : 0
        return answers.data(question)
      })
      other.answer(protocols.piece, (question) => answers.piece(question))
      await other.start()
    }
    const name = sha256(long)
    const wanted = { sort: 'content', hashes: [name], first: others.keysOf([1]), isRight: isContent } as const
    for (let times = 0; times < 2; times++) {
      const bytes = (await others.fetch(wanted)).get(toHex(name))
      expect(bytes !== undefined && equalBytes(bytes, long)).toBe(true)
    }
    expect(asked).toBe(1)
  })

  it('ask another when one is late, and him no longer', async () => {
    const { shared, networks, moment } = await bare()
    const patience = Promise.withResolvers<void>()
    let waits = 0
    const time = {
      now: () => 0,
      wait: () => (waits++ === 0 ? patience.promise : new Promise<void>(() => {})),
    }
    const others = new Others({ network: shared.network, time })
    others.see(await moment())
    const [late, soon] = [1, 2].map((id) =>
      networks.join(keyFromSecret(hashOf(`key of vote key ${id}`)).publicKey),
    )
    if (late === undefined || soon === undefined) throw new Error('two of them join')
    late.answer(protocols.data, () => {
      patience.resolve()
      return new Promise(() => {})
    })
    soon.answer(protocols.data, async ({ hashes }) => ({ found: hashes.map(() => bytes) }))
    await late.start()
    await soon.start()
    const ask = vi.spyOn(shared.network, 'ask')
    const wanted = { sort: 'content', hashes: [hash], first: others.keysOf([1]), isRight: isContent } as const
    expect((await others.fetch(wanted)).get(toHex(hash))).toEqual(bytes)
    await expect(ask.mock.results[0]?.value).rejects.toMatchObject({ code: 'network/given-up' })
  })
})
