// A disk that is full, or fails: a clear error, nothing acknowledged is lost, and it goes on when the disk does.
import { toHex } from '@piecework/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Disk } from '../src/disk/disk.ts'
import { MemoryDisk } from '../src/disk/memory.ts'
import { MemoryWitness } from '../src/disk/witness.ts'
import { MemoryDisks, StoreError } from '../src/index.ts'
import { Records } from '../src/records/records.ts'
import { verifyKept } from '../src/records/verify.ts'
import { signingGuard } from '../src/stores/guard.ts'
import { receiptLog } from '../src/stores/receipts.ts'
import { batchOf, chainOf, stintOf } from './support/batches.ts'
import { bytes, collect, hashOf, refusal } from './support/collect.ts'
import { FailingDisk, type Failure } from './support/failing-disk.ts'
import { memoryMachine } from './support/machine.ts'

describe('a full disk', () => {
  it('refuses with a sentence, loses nothing, and takes the same batch when there is space', async () => {
    const disks = new MemoryDisks()
    const machine = memoryMachine(disks)
    const store = await machine.open()
    const [first, second] = chainOf(1, 7, 2).map(({ signed }) => signed)
    await store.receipts.append(first ?? bytes(0))
    disks.kept.capacity = 0
    const full = store.receipts.append(second ?? bytes(0))
    await expect(full).rejects.toEqual(refusal('disk/full'))
    expect(await collect(store.receipts.batches(stintOf(1, 7)))).toEqual([first])
    expect(store.counters().kept.failures).toBe(1)
    disks.kept.capacity = Number.POSITIVE_INFINITY
    await store.receipts.append(second ?? bytes(0))
    await store.close()
    const again = await machine.open()
    expect(await collect(again.receipts.batches(stintOf(1, 7)))).toEqual([first, second])
  })

  it('leaves content as it was', async () => {
    const disks = new MemoryDisks()
    const machine = memoryMachine(disks)
    const store = await machine.open()
    const content = bytes(2_500_000)
    disks.bulk.capacity = 1_200_000
    await expect(store.content.put(hashOf(content), [content])).rejects.toEqual(refusal('disk/full'))
    expect(await store.content.used()).toEqual({ items: 0, bytes: 0 })
    await store.close()
    disks.bulk.capacity = Number.POSITIVE_INFINITY
    const again = await machine.open()
    expect(await again.content.put(hashOf(content), [content])).toBe(true)
    expect(await again.content.used()).toEqual({ items: 1, bytes: content.length })
  })
})

describe('a group of writes', () => {
  it('costs one sync for all that came while the disk was busy, and fails none for the refusal of another', async () => {
    const disk = new MemoryDisk()
    const records = new Records(disk, new MemoryWitness())
    const guard = signingGuard(records)
    const place = (at: number) => ({ what: 'vote', epoch: 1, key: bytes(32).fill(1), at }) as const
    const ends = await Promise.allSettled([
      ...Array.from({ length: 100 }, (_, at) => guard.permit(place(at), bytes(32))),
      guard.permit(place(0), bytes(32)),
    ])
    expect(ends.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 100 }, () => 'fulfilled'),
      'rejected',
    ])
    expect(records.counters).toMatchObject({ transactions: 100, failures: 0 })
    expect(records.counters.writes).toBeLessThan(5)
  })

  it('refuses what is more than it can hold, without harm to what waits', async () => {
    const records = new Records(new MemoryDisk(), new MemoryWitness())
    const guard = signingGuard(records)
    const ends = await Promise.allSettled(
      Array.from({ length: 5_000 }, (_, at) =>
        guard.permit({ what: 'vote', epoch: 1, key: bytes(32), at }, bytes(32)),
      ),
    )
    const refused = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []))
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.every((reason) => reason instanceof StoreError && reason.code === 'store/busy')).toBe(true)
    expect(records.counters.transactions).toBe(ends.length - refused.length)
  })
})

describe('a disk that fails now and then', () => {
  const failure = fc.option(fc.constantFrom<Failure>('before', 'after'), { nil: undefined })
  const attempts = fc.array(fc.record({ label: fc.constantFrom('a', 'b'), fails: failure }), {
    maxLength: 40,
  })

  /** A node that signs, is told that the disk failed, and signs something else: whatever it was told counts. */
  async function attempt(
    disk: FailingDisk,
    witness: MemoryWitness,
    tries: readonly { label: string; fails: Failure | undefined }[],
  ) {
    const acknowledged: Uint8Array[] = []
    // A new process opens the disk anew.
    await disk.recover()
    const log = receiptLog(new Records(disk, witness))
    for (const { label, fails } of tries) {
      disk.failures = [fails]
      const after = await log.head(stintOf(1, 7))
      const { signed } = batchOf(1, { epoch: 7, after, label })
      try {
        acknowledged.push(await log.append(signed))
      } catch (error) {
        expect(error).toBeInstanceOf(StoreError)
      }
    }
    return acknowledged
  }

  it('loses nothing that was acknowledged, permits nothing twice, and stays whole', async () => {
    await fc.assert(
      fc.asyncProperty(attempts, attempts, async (before, after) => {
        const disk = new FailingDisk()
        const witness = new MemoryWitness()
        const acknowledged = [
          ...(await attempt(disk, witness, before)),
          ...(await attempt(disk, witness, after)),
        ]
        disk.failures = []
        const whole: Disk = disk
        await verifyKept(whole, witness, 'the test')
        const held = (await collect(receiptLog(new Records(disk, witness)).batches(stintOf(1, 7)))).map(toHex)
        expect(held).toEqual(expect.arrayContaining(acknowledged.map(toHex)))
        expect(new Set(acknowledged.map(toHex)).size).toBe(acknowledged.length)
      }),
      { numRuns: 60 },
    )
  })
})
