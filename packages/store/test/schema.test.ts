// Older forms are migrated, in order, and go on where they were cut short; newer ones are refused.
import { describe, expect, it } from 'vitest'
import { MemoryDisk } from '../src/disk/memory.ts'
import { MemoryWitness } from '../src/disk/witness.ts'
import { keyOf, metaKey, u32be, u64be, under } from '../src/records/keys.ts'
import { Records } from '../src/records/records.ts'
import { verifyKept } from '../src/records/verify.ts'
import { type Migration, refuseNewer, type Schema, settleSchema } from '../src/schema.ts'
import { refusal } from './support/collect.ts'
import { NETWORK } from './support/machine.ts'

const SECTION = 99
const ITEMS = 10

function schema(...migrations: readonly Migration[]): Schema {
  return { networkId: NETWORK, migrations, where: 'the test' }
}

/** Multiplies each item, three in a step. `stopAt` ends the process, as it were. */
function multiply(by: number, stopAt = Number.POSITIVE_INFINITY): Migration {
  let steps = 0
  return async (records, cursor) => {
    if (steps++ === stopAt) throw new Error('power cut')
    const { to } = under(keyOf(SECTION))
    const from = cursor.length === 0 ? keyOf(SECTION) : cursor
    const found = []
    for await (const one of records.scan({ from, to, limit: 4 })) found.push(one)
    const changes = found
      .slice(0, 3)
      .map(({ key, body }) => ({ key, body: Uint8Array.of((body[0] ?? 0) * by) }))
    return { changes, next: found[3]?.key }
  }
}

async function records(): Promise<{ all: Records; disk: MemoryDisk; witness: MemoryWitness }> {
  const [disk, witness] = [new MemoryDisk(), new MemoryWitness()]
  const all = new Records(disk, witness)
  await settleSchema(all, schema())
  await all.transact(async (transaction) => {
    for (let i = 0; i < ITEMS; i++) transaction.put(keyOf(SECTION, u32be(i)), Uint8Array.of(1))
  })
  return { all, disk, witness }
}

async function values(all: Records): Promise<(number | undefined)[]> {
  const found = []
  for await (const { body } of all.scan(under(keyOf(SECTION)))) found.push(body[0])
  return found
}

const everyItem = (value: number): number[] => Array.from({ length: ITEMS }, () => value)

describe('migrations', () => {
  it('run in order, once', async () => {
    const { all, disk, witness } = await records()
    const now = schema(multiply(2), multiply(5))
    await settleSchema(all, now)
    await settleSchema(all, now)
    expect(await values(all)).toEqual(everyItem(10))
    await verifyKept(disk, witness, 'the test')
  })

  it.each([0, 1, 2, 3])('go on where they were cut short: in step %i', async (stopAt) => {
    const { all, disk, witness } = await records()
    const cut = schema(multiply(2), multiply(5, stopAt))
    await expect(settleSchema(all, cut)).rejects.toThrow('power cut')
    const again = new Records(disk, witness)
    await settleSchema(again, schema(multiply(2), multiply(5)))
    expect(await values(again)).toEqual(everyItem(10))
    await verifyKept(disk, witness, 'the test')
  })

  it('begin with form 1, which lies on disks since the first release', async () => {
    const { all } = await records()
    expect(await all.get(metaKey('version'))).toEqual(u64be(1))
    await settleSchema(all, schema(multiply(2)))
    expect(await all.get(metaKey('version'))).toEqual(u64be(2))
  })

  it('are not for what a newer version wrote', async () => {
    const { all } = await records()
    await settleSchema(all, schema(multiply(2)))
    await expect(settleSchema(all, schema())).rejects.toEqual(refusal('store/newer'))
    await expect(refuseNewer(all, schema())).rejects.toEqual(refusal('store/newer'))
    await refuseNewer(all, schema(multiply(2)))
  })
})
