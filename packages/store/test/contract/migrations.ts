// How every store is brought to a newer form: each area by its own migrations, since their sections have the same numbers.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Store, textSetting } from '../../src/index.ts'
import { BULK, KEPT, keyOf, under } from '../../src/records/keys.ts'
import { MIGRATIONS, type Migration, type Migrations } from '../../src/schema.ts'
import { chainOf, openingOf, stintOf } from '../support/batches.ts'
import { bytes, collect, hashOf, refusal, text } from '../support/collect.ts'
import { type Machine, NETWORK } from '../support/machine.ts'
import { stateOf } from '../support/states.ts'

const STINT = stintOf(1, 7)
const PLACES = [1, 2, 3].map((epoch) => ({ what: 'vote', epoch, key: STINT.nodeKey, at: 0 }) as const)
const HASH = new Uint8Array(32).fill(5)
const NAME = textSetting('name')
const CONTENT = bytes(2_000)

/** Makes each byte of a section one more, one record in a step. */
function addOne(section: number): Migration {
  return async (records, cursor) => {
    const from = cursor.length === 0 ? keyOf(section) : cursor
    const found = await collect(records.scan({ ...under(keyOf(section)), from, limit: 2 }))
    const changes = found.slice(0, 1).map(({ key, body }) => ({ key, body: body.map((byte) => byte + 1) }))
    return { changes, next: found[1]?.key }
  }
}

/** The same, until the power goes in its third step. */
function cutShort(migration: Migration): Migration {
  let steps = 0
  return async (records, cursor) => {
    if (steps++ === 2) throw new Error('power cut')
    return migration(records, cursor)
  }
}

/** Kept has other things in the section of content, and bulk in that of openings. */
const NEWER: Readonly<Record<keyof Migrations, Migrations>> = {
  kept: { ...MIGRATIONS, kept: [...MIGRATIONS.kept, addOne(KEPT.guard)] },
  bulk: { ...MIGRATIONS, bulk: [...MIGRATIONS.bulk, addOne(BULK.chunks)] },
}

async function fill(store: Store): Promise<void> {
  for (const place of PLACES) await store.guard.permit(place, HASH)
  for (const { signed } of chainOf(1, 7, 2)) await store.receipts.append(signed)
  await store.receipts.keep(STINT, openingOf(1, 0))
  await store.settings.set(NAME, 'home')
  await store.content.put(hashOf(CONTENT), [CONTENT])
  await store.states.save(stateOf(0))
}

async function keptOf(store: Store): Promise<unknown> {
  return {
    batches: (await collect(store.receipts.batches(STINT))).length,
    openings: await collect(store.receipts.openings(STINT)),
    name: await store.settings.get(NAME),
  }
}

async function votesOf(store: Store): Promise<unknown> {
  return Promise.all(PLACES.map((place) => store.guard.permitted(place)))
}

async function contentOf(store: Store): Promise<string> {
  const found = await store.content.get(hashOf(CONTENT))
  return text(found === undefined ? [] : await collect(found))
}

async function* stream(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts
}

const KEPT_WHOLE = { batches: 2, openings: [openingOf(1, 0)], name: 'home' }
const votes = (value: number): unknown => PLACES.map(() => new Uint8Array(32).fill(value))

export function migrationsContract(newMachine: () => Promise<Machine>): void {
  let machine: Machine
  beforeEach(async () => {
    machine = await newMachine()
    await using(undefined, fill)
  })
  afterEach(() => machine.end())

  async function using<T>(migrations: Migrations | undefined, use: (store: Store) => Promise<T>): Promise<T> {
    const store = await machine.open(migrations === undefined ? {} : { migrations })
    try {
      return await use(store)
    } finally {
      await store.close()
    }
  }

  describe('its forms', () => {
    it('are of one area each: an older kept is migrated once, and bulk is as it was', async () => {
      for (let times = 0; times < 2; times++) {
        await using(NEWER.kept, async (store) => {
          expect(await votesOf(store)).toEqual(votes(6))
          expect(await keptOf(store)).toEqual(KEPT_WHOLE)
          expect(await contentOf(store)).toBe(text([CONTENT]))
          expect(await collect(store.content.hashes())).toHaveLength(1)
          expect(store.counters().bulkDiscarded).toBe(false)
        })
      }
    })

    it('are of one area each: an older bulk is migrated once, and kept is as it was', async () => {
      for (let times = 0; times < 2; times++) {
        await using(NEWER.bulk, async (store) => {
          expect(await contentOf(store)).toBe(text([CONTENT.map((byte) => byte + 1)]))
          expect(store.counters().bulkDiscarded).toBe(false)
          expect(await votesOf(store)).toEqual(votes(5))
          expect(await keptOf(store)).toEqual(KEPT_WHOLE)
        })
      }
    })

    it.each(['kept', 'bulk'] as const)(
      'are refused when %s has a newer one, and all is there for who reads it',
      async (area) => {
        await using(NEWER[area], async () => {})
        const context = { version: MIGRATIONS[area].length + 1, stored: MIGRATIONS[area].length + 2 }
        for (let times = 0; times < 3; times++) {
          await expect(machine.open()).rejects.toEqual(refusal('store/newer'))
          await expect(machine.open()).rejects.toMatchObject({ context })
        }
        await using(NEWER[area], async (store) => {
          expect(store.counters().bulkDiscarded).toBe(false)
          expect(await keptOf(store)).toEqual(KEPT_WHOLE)
          expect(await votesOf(store)).toEqual(votes(area === 'kept' ? 6 : 5))
          expect(await contentOf(store)).toBe(
            text([area === 'bulk' ? CONTENT.map((byte) => byte + 1) : CONTENT]),
          )
          expect((await store.states.all()).map(({ epoch }) => epoch)).toEqual([0])
        })
      },
    )

    it('are newer from the first step of a migration on, which goes on where it was cut short', async () => {
      const cut = { ...MIGRATIONS, kept: NEWER.kept.kept.map(cutShort) }
      await expect(machine.open({ migrations: cut })).rejects.toThrow('power cut')
      await expect(machine.open()).rejects.toEqual(refusal('store/newer'))
      expect(await using(NEWER.kept, votesOf)).toEqual(votes(6))
      expect(await using(NEWER.kept, keptOf)).toEqual(KEPT_WHOLE)
    })

    it('are that of kept in a backup: an older one is migrated, and a newer one refused', async () => {
      const older = await using(undefined, (store) => collect(store.backup(0)))
      const ofBulk = await using(NEWER.bulk, (store) => collect(store.backup(0)))
      expect(text(ofBulk)).toBe(text(older))
      const both = { kept: NEWER.kept.kept, bulk: NEWER.bulk.bulk }
      const newer = await using(both, (store) => collect(store.backup(0)))
      const other = await newMachine()
      const restore = { networkId: NETWORK, signFromEpoch: 9 }
      await expect(other.restore({ ...restore, backup: stream(newer) })).rejects.toEqual(
        refusal('backup/invalid'),
      )
      await other.restore({ ...restore, backup: stream(older) })
      const store = await other.open({ migrations: NEWER.kept })
      expect(await votesOf(store)).toEqual(votes(6))
      expect(await keptOf(store)).toEqual(KEPT_WHOLE)
      await store.close()
      await other.end()
    })
  })
}
