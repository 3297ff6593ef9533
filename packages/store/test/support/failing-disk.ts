// A disk that fails when it is told to: before a write, or after it, when what was written is there all the same.
import { type Change, type Disk, PAGE_ENTRIES } from '../../src/disk/disk.ts'
import { MemoryDisk } from '../../src/disk/memory.ts'
import { StoreError } from '../../src/errors.ts'

export type Failure = 'before' | 'after'

export class FailingDisk extends MemoryDisk {
  /** What happens to the next writes; none means that they succeed. */
  failures: (Failure | undefined)[] = []
  #failed = false
  recoveries = 0

  override async write(changes: readonly Change[]): Promise<void> {
    if (this.#failed) throw new Error('written to without a look at what is there')
    const failure = this.failures.shift()
    if (failure !== 'before') await super.write(changes)
    if (failure === undefined) return
    this.#failed = true
    throw new StoreError('disk/failed', `The disk failed ${failure} this write.`)
  }

  override async recover(): Promise<void> {
    this.#failed = false
    this.recoveries++
  }
}

/** Changes what lies on a disk behind the back of everybody. */
export async function tamper(disk: Disk, change: (entry: Change) => Change | undefined): Promise<number> {
  const from = Uint8Array.of(0)
  const entries = await disk.page({ from, to: Uint8Array.of(0xff), limit: PAGE_ENTRIES })
  const changes = entries.flatMap((entry) => change(entry) ?? [])
  await disk.write(changes)
  return changes.length
}
