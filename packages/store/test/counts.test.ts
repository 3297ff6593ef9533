// What a store counts is what its page says, and what a daemon's metrics read.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { MemoryDisks, measureStore, openMemoryStore, STORE_COUNTS, type StoreMeasure } from '../src/index.ts'
import { openingOf, stintOf } from './support/batches.ts'
import { NETWORK } from './support/machine.ts'

const options = { networkId: NETWORK, contentQuotaBytes: 1_000, retainStates: 1 }

it('the README has all that is counted', () => {
  const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const [, section = ''] = page.split('\n## Counts\n')
  const rows = section.split('\n').filter((line) => line.startsWith('|'))
  const cells = rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  )
  expect(cells).toEqual(STORE_COUNTS.map(({ name, labels, help }) => [name, labels.join(', '), help]))
})

it('each number is read anew whenever somebody looks', async () => {
  const disks = new MemoryDisks()
  const store = await openMemoryStore(disks, options)
  const readers = new Map<string, () => Promise<readonly StoreMeasure[]>>()
  measureStore(store, ({ name }, read) => readers.set(name, read))
  const numberOf = async (name: string, area?: string): Promise<number | undefined> => {
    const all = (await readers.get(name)?.()) ?? []
    return all.find(({ labels }) => labels['area'] === area)?.value
  }
  const before = await numberOf('store_transactions', 'kept')
  const vote = { what: 'vote', epoch: 7, key: new Uint8Array(32), at: 0 } as const
  await store.guard.permit(vote, new Uint8Array(32).fill(1))
  expect(await numberOf('store_transactions', 'kept')).toBe(Number(before) + 1)
  disks.kept.capacity = 0
  await expect(store.guard.permit({ ...vote, epoch: 8 }, new Uint8Array(32))).rejects.toThrow()
  expect(await numberOf('store_failures', 'kept')).toBe(1)
  expect(await numberOf('store_failures', 'bulk')).toBe(0)
  expect(await numberOf('store_content_bytes')).toBe(0)
  expect(await numberOf('store_bytes', 'kept')).toBeGreaterThan(0)
  expect(await readers.get('store_refused')?.()).toEqual([])
  await expect(store.guard.permit(vote, new Uint8Array(32).fill(2))).rejects.toThrow()
  expect(await readers.get('store_refused')?.()).toEqual([
    { value: 1, labels: { area: 'kept', code: 'guard/conflict' } },
  ])
  const opening = openingOf(1, 0)
  await store.openings.keep(stintOf(1, 7), opening)
  expect(await numberOf('store_openings_items')).toBe(1)
  expect(await numberOf('store_openings_bytes')).toBeGreaterThan(opening.output.length)
  await store.close()
  // A disk that can't be read fails what is read from it, and nothing else.
  await expect(numberOf('store_content_bytes')).rejects.toThrow()
  expect(await numberOf('store_failures', 'kept')).toBe(1)
})
