// Damage in what can be fetched again that shows after the store was opened: it is gone after the next start.
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Change } from '../src/disk/disk.ts'
import { openLevelDisk } from '../src/disk/level.ts'
import type { Store } from '../src/index.ts'
import { BULK, keyOf, metaKey, u64be } from '../src/records/keys.ts'
import { sealed } from '../src/records/seal.ts'
import { bytes, collect, hashOf, refusal } from './support/collect.ts'
import { tamper } from './support/failing-disk.ts'
import { type LevelMachine, levelMachine } from './support/machine.ts'
import { stateOf } from './support/states.ts'

let machine: LevelMachine
beforeEach(async () => {
  machine = await levelMachine()
})
afterEach(() => machine.end())

const content = bytes(2_000)

async function filled(): Promise<void> {
  const store = await machine.open()
  await store.content.put(hashOf(content), [content])
  await store.states.save(stateOf(0))
  await store.close()
}

/** One bit of the first record whose key begins so, under LevelDB, whose own checksums hold. */
async function damage(prefix: Uint8Array): Promise<void> {
  const disk = await openLevelDisk(join(machine.folder, 'bulk'), 'index')
  let found = false
  const flipped = ({ key, value }: Change): Change | undefined => {
    if (found || value === undefined || Buffer.compare(key.subarray(0, prefix.length), prefix) !== 0)
      return undefined
    found = true
    return { key, value: value.with(3, (value[3] ?? 0) ^ 1) }
  }
  await tamper(disk, flipped)
  await disk.close()
  expect(found).toBe(true)
}

const uses: readonly (readonly [string, Uint8Array, (store: Store) => Promise<unknown>])[] = [
  ['a manifest', keyOf(BULK.manifests), (store) => store.states.all()],
  ['what content uses', metaKey('contentUsed'), (store) => store.content.used()],
  [
    'the number of the next content',
    metaKey('contentNextId'),
    (store) => store.content.put(hashOf(bytes(0)), []),
  ],
  ['the oldest content', keyOf(BULK.content), (store) => collect(store.content.hashes())],
]

describe('damage that shows after the start', () => {
  it.each(uses)('goes with the next one: %s', async (_, prefix, use) => {
    await filled()
    await damage(prefix)
    const store = await machine.open()
    expect(store.counters()).toMatchObject({ bulkDiscarded: false, bulkDamaged: false })
    await expect(use(store)).rejects.toEqual(refusal('record/damaged'))
    expect(store.counters().bulkDamaged).toBe(true)
    await store.close()
    const again = await machine.open()
    expect(again.counters()).toMatchObject({ bulkDiscarded: true, bulkDamaged: false })
    await use(again)
    await again.content.put(hashOf(content), [content])
    await again.close()
    const third = await machine.open()
    expect(third.counters().bulkDiscarded).toBe(false)
    expect(await third.content.has(hashOf(content))).toBe(true)
  })

  it('of a piece of content, or a page of a state, costs that alone', async () => {
    await filled()
    await damage(keyOf(BULK.chunks))
    await damage(keyOf(BULK.pages))
    const store = await machine.open()
    const found = await store.content.get(hashOf(content))
    if (found === undefined) throw new Error('it is not there')
    await expect(collect(found)).rejects.toEqual(refusal('record/damaged'))
    await expect(store.states.restore(0)).rejects.toEqual(refusal('state/damaged'))
    await store.close()
    const again = await machine.open()
    expect(again.counters().bulkDiscarded).toBe(false)
    expect((await again.states.all()).map(({ epoch }) => epoch)).toEqual([0])
  })

  it('of a put that did not end is met at the start already, and bulk begun again', async () => {
    await filled()
    const disk = await openLevelDisk(join(machine.folder, 'bulk'), 'index')
    await disk.write([{ key: keyOf(BULK.unfinished, u64be(7)), value: bytes(40) }])
    await disk.close()
    expect((await machine.open()).counters().bulkDiscarded).toBe(true)
  })
})

it('a place in the order of content that is not its own is let go, and a put ends', async () => {
  const options = { contentQuotaBytes: 1_000 }
  const before = await machine.open(options)
  const old = bytes(400)
  await before.content.put(hashOf(old), [old])
  await before.content.delete(hashOf(old))
  await before.content.put(hashOf(old), [old])
  await before.close()
  // As after LevelDB dropped the part of its log that took the first away; and behind it one of nothing.
  const disk = await openLevelDisk(join(machine.folder, 'bulk'), 'index')
  const places = [keyOf(BULK.contentOrder, u64be(0)), keyOf(BULK.contentOrder, u64be(2))]
  const hashes = [hashOf(old), hashOf(bytes(1))]
  await disk.write(places.map((key, i) => ({ key, value: sealed(key, hashes[i] ?? key) })))
  await disk.close()
  const store = await machine.open(options)
  for (const length of [900, 800]) {
    const next = bytes(length)
    expect(await store.content.put(hashOf(next), [next])).toBe(true)
    expect(await store.content.used()).toEqual({ items: 1, bytes: length })
  }
  expect(store.content.counters()).toMatchObject({ evicted: 2, evictedBytes: 1_300, refused: 0 })
})
