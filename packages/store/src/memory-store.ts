// A store in memory, for tests and simulations; its disks outlive it, as a machine's outlive a process.
import { type Restore, restoreInto } from './backup/backup.ts'
import { MemoryDisk } from './disk/memory.ts'
import { MemoryWitness } from './disk/witness.ts'
import { Records } from './records/records.ts'
import { verifyKept } from './records/verify.ts'
import { assemble, type Store, type StoreOptions, schemaOf, settle, settleBulk } from './store.ts'

export class MemoryDisks {
  readonly kept: MemoryDisk = new MemoryDisk()
  readonly bulk: MemoryDisk = new MemoryDisk()
  readonly witness: MemoryWitness = new MemoryWitness()
}

const KEPT = 'the store in memory'
const BULK = "the store's bulk in memory"

export async function openMemoryStore(disks: MemoryDisks, options: StoreOptions): Promise<Store> {
  const kept = new Records(disks.kept, disks.witness)
  await settle(kept, schemaOf(options, 'kept', KEPT), () => verifyKept(disks.kept, disks.witness, KEPT))
  const bulk = new Records(disks.bulk)
  await settleBulk(bulk, schemaOf(options, 'bulk', BULK))
  return assemble({ kept, bulk, bulkDiscarded: false }, options)
}

export async function restoreMemoryStore(disks: MemoryDisks, restore: Restore): Promise<void> {
  const kept = new Records(disks.kept, disks.witness)
  await restoreInto(kept, restore)
  await kept.close()
}
