// A machine that a store lives on: it can be opened again and again, as after a crash.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { h, u32le } from '@piecework/protocol'
import {
  MemoryDisks,
  openMemoryStore,
  openStore,
  type Restore,
  restoreMemoryStore,
  restoreStore,
  type Store,
  type StoreOptions,
} from '../../src/index.ts'

export const NETWORK: Uint8Array = h('pw/state', u32le(1))

const OPTIONS: StoreOptions = { networkId: NETWORK, contentQuotaBytes: 8_388_608, retainStates: 3 }

export interface Machine {
  open(options?: Partial<StoreOptions>): Promise<Store>
  restore(restore: Restore): Promise<void>
  /** What is not closed is closed, and what is on disk goes. */
  end(): Promise<void>
}

export interface LevelMachine extends Machine {
  readonly folder: string
}

export function memoryMachine(disks: MemoryDisks = new MemoryDisks()): Machine {
  return {
    open: (options) => openMemoryStore(disks, { ...OPTIONS, ...options }),
    restore: (restore) => restoreMemoryStore(disks, restore),
    end: async () => {},
  }
}

export async function levelMachine(): Promise<LevelMachine> {
  const folder = await mkdtemp(join(tmpdir(), 'store-'))
  const opened: Store[] = []
  return {
    folder,
    async open(options) {
      const store = await openStore(folder, { ...OPTIONS, ...options })
      opened.push(store)
      return store
    },
    restore: (restore) => restoreStore(folder, restore),
    async end() {
      for (const store of opened) await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
