// The witness: a number beside the database that says how many writes were acknowledged. A database that knows of
// fewer has lost some: LevelDB takes a damaged end of its log for a write that never finished.
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { concat, equalBytes, readU64, u64le } from '@piecework/protocol'
import { SEAL_BYTES, sealOf } from '../records/seal.ts'
import { diskError } from './level-errors.ts'

export interface Witness {
  /** Undefined when there is none, or none that can be read. */
  read(): Promise<bigint | undefined>
  /** Must outlive the process. A power cut may set it back, which only makes it see less. */
  write(count: bigint): Promise<void>
  close(): Promise<void>
}

export class MemoryWitness implements Witness {
  #count = 0n

  async read(): Promise<bigint> {
    return this.#count
  }

  async write(count: bigint): Promise<void> {
    this.#count = count
  }

  async close(): Promise<void> {}
}

const COUNT_BYTES = 8
const SLOT_BYTES = COUNT_BYTES + SEAL_BYTES
/** Written in turn, so that a torn write leaves the count before it. */
const SLOTS = 2
const LABEL = new TextEncoder().encode('witness')

function slot(count: bigint): Uint8Array {
  const bytes = u64le(count)
  return concat([bytes, sealOf(LABEL, bytes)])
}

function countIn(bytes: Uint8Array): bigint | undefined {
  const count = bytes.subarray(0, COUNT_BYTES)
  return equalBytes(sealOf(LABEL, count), bytes.subarray(COUNT_BYTES)) ? readU64(count) : undefined
}

class FileWitness implements Witness {
  readonly #file: FileHandle
  readonly #path: string

  constructor(file: FileHandle, path: string) {
    this.#file = file
    this.#path = path
  }

  async read(): Promise<bigint | undefined> {
    const bytes = new Uint8Array(SLOTS * SLOT_BYTES)
    await this.#file.read(bytes, 0, bytes.length, 0)
    const counts = Array.from({ length: SLOTS }, (_, i) =>
      countIn(bytes.subarray(i * SLOT_BYTES, (i + 1) * SLOT_BYTES)),
    ).filter((count) => count !== undefined)
    return counts.reduce<bigint | undefined>(
      (most, one) => (most === undefined || one > most ? one : most),
      undefined,
    )
  }

  async write(count: bigint): Promise<void> {
    try {
      await this.#file.write(slot(count), 0, SLOT_BYTES, Number(count % BigInt(SLOTS)) * SLOT_BYTES)
    } catch (error) {
      throw diskError(error, this.#path)
    }
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}

/** The file is made in full size and synced with its folder, so that later writes need no space. */
export async function openFileWitness(path: string): Promise<Witness> {
  try {
    const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600)
    if ((await file.stat()).size === 0) {
      await file.write(concat([slot(0n), slot(0n)]), 0, SLOTS * SLOT_BYTES, 0)
      await file.sync()
      await syncFolder(dirname(path))
    }
    return new FileWitness(file, path)
  } catch (error) {
    throw diskError(error, path)
  }
}

/** Makes the name of a new or renamed file survive. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
