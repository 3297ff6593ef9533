import { MemoryDisks, openMemoryStore, type Store } from '@piecework/store'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Kept } from '../src/common/kept.ts'

let store: Store
let kept: Kept

beforeEach(async () => {
  const options = { networkId: new Uint8Array(32), contentQuotaBytes: 1_000_000, retainStates: 1 }
  store = await openMemoryStore(new MemoryDisks(), options)
  kept = new Kept({ content: store.content, settings: store.settings })
})

afterEach(() => store.close())

const bytes = (value: number): Uint8Array => new Uint8Array(1_000).fill(value)

it('lets go of what had the name before', async () => {
  await kept.keep(7, 'report', bytes(1))
  const before = await store.content.used()
  await kept.keep(7, 'report', bytes(2))
  expect(await kept.find(7, 'report')).toEqual(bytes(2))
  expect(await store.content.used()).toEqual(before)
})

it('keeps what has another name too, and the same once more', async () => {
  await kept.keep(7, 'first', bytes(1))
  await kept.keep(7, 'second', bytes(1))
  await kept.keep(7, 'second', bytes(2))
  await kept.keep(7, 'second', bytes(2))
  expect(await kept.find(7, 'first')).toEqual(bytes(1))
  expect(await kept.find(7, 'second')).toEqual(bytes(2))
})

it('drops an epoch as a whole', async () => {
  const before = await store.content.used()
  await kept.keep(7, 'first', bytes(1))
  await kept.keep(7, 'second', bytes(2))
  await kept.drop(7)
  expect(await kept.names(7)).toEqual([])
  expect(await store.content.used()).toEqual(before)
})
