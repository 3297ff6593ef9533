// What is missing of a job: brought from others where they have it, and no burden where nobody has.
import { addressOf } from '@piecework/chain'
import { protocols } from '@piecework/network'
import { keyFromSecret } from '@piecework/protocol'
import { SPEC_BYTES } from '@piecework/work'
import { describe, expect, it, vi } from 'vitest'
import { sha256 } from '../src/common/hashes.ts'
import { hashOf } from './support/bare.ts'
import { holding, inputs, spec, wallets } from './support/holding.ts'

describe('a job whose content is missing', () => {
  it('is held when others have brought its spec, and then what that names', async () => {
    const { serve, job, wantedAfter } = await holding()
    await serve()
    for (const slots of [5, 10]) expect(await wantedAfter(slots)).toEqual([])
    expect(await wantedAfter(11)).toEqual([{ what: 'holding', epoch: 0, job }])
  })

  it('is not held while nobody has it', async () => {
    const { wantedAfter } = await holding()
    for (const slots of [5, 10, 15]) expect(await wantedAfter(slots)).toEqual([])
  })
})

describe('a spec that nobody can work with', () => {
  const junk = {
    'that is too long': new Uint8Array(SPEC_BYTES + 1).fill(32),
    'that is none': new TextEncoder().encode('{"kind": "none"}'),
  }

  it.each(Object.entries(junk))('%s is not taken from its requester', async (_, bytes) => {
    const { hold, job, shared } = await holding({ specHash: sha256(bytes) })
    await expect(hold.upload({ job, bytes })).rejects.toThrow(
      /send its spec first|none that can be worked with/,
    )
    expect((await shared.store.content.used()).items).toBe(0)
  })

  it.each(Object.entries(junk))('%s is not kept from others, and asked for once', async (_, bytes) => {
    const { serve, wantedAfter, shared } = await holding({ specHash: sha256(bytes) })
    const asked = await serve([bytes])
    for (const slots of [0, 5, 200, 400]) expect(await wantedAfter(slots)).toEqual([])
    expect((await shared.store.content.used()).items).toBe(0)
    expect(asked()).toBe(1)
  })
})

describe('jobs that nobody uploads', () => {
  it('are not looked at in every slot, and fetched ever more rarely', async () => {
    const { wantedAfter, serve, jobContent } = await holding({ specHash: hashOf('nothing') })
    const asked = await serve()
    const needs = vi.spyOn(jobContent, 'needs')
    for (let slots = 0; slots <= 310; slots += 5) await wantedAfter(slots)
    // At once, after 5, 10, 20, 40 and 80 slots, and then every 150.
    expect(asked()).toBe(7)
    expect(needs).toHaveBeenCalledTimes(8)
  })

  it('hold up no other job, also while others are slow to say that they lack it', async () => {
    const { found, hold, job, shared, networks, see } = await holding()
    const [real] = found
    if (real === undefined) throw new Error('there is no job')
    for (let i = 1; i <= 100; i++)
      found.unshift({ ...real, index: i, address: addressOf(hashOf(`${i}`)), specHash: hashOf(`spec ${i}`) })
    const other = networks.join(keyFromSecret(hashOf('key of vote key 1')).publicKey)
    let asked = 0
    other.answer(protocols.data, () => {
      asked += 1
      return new Promise(() => {})
    })
    await other.start()
    for (const bytes of [spec, ...inputs, wallets]) await hold.upload({ job, bytes })
    expect(await see(0)).toEqual([{ what: 'holding', epoch: 0, job }])
    await vi.waitFor(() => expect(asked).toBe(4))
    expect(await see(1)).toHaveLength(1)
    expect(asked).toBe(4)
    expect((await shared.store.content.used()).items).toBe(5)
  })
})
