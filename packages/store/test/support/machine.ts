// A machine that a store lives on: it can be opened again and again, as after a crash.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { h, u32le } from '@piecework/protocol'
import { afterEach, beforeEach } from 'vitest'
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

export interface OnMachine {
  readonly machine: Machine
  readonly store: Store
  open(options?: Partial<StoreOptions>): Promise<void>
  reopen(): Promise<void>
}

/** A new machine with an open store for each test of the group that this is called in. */
export function useMachine(newMachine: () => Promise<Machine>): OnMachine {
  let current: { machine: Machine; store: Store } | undefined
  const now = (): { machine: Machine; store: Store } => {
    if (current === undefined) throw new Error('a machine is there during a test only')
    return current
  }
  const open: OnMachine['open'] = async (options) => {
    const { machine } = now()
    current = { machine, store: await machine.open(options) }
  }
  beforeEach(async () => {
    const machine = await newMachine()
    current = { machine, store: await machine.open() }
  })
  afterEach(async () => {
    await now().store.close()
    await now().machine.end()
  })
  return {
    get machine() {
      return now().machine
    },
    get store() {
      return now().store
    },
    open,
    async reopen() {
      await now().store.close()
      await open()
    },
  }
}
