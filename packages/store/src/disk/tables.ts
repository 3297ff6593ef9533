// Checks LevelDB's tables before LevelDB reads them. It checks its log by itself; of a table it checks no block, and
// damage in one can end the whole process with a failed assertion. A damaged table is set aside, and LevelDB then says
// by itself whether it needed it: what a crash left of a table that was never finished, it doesn't.
//
//   table: blocks, each with a type byte and a masked CRC-32C u32 behind it | footer 48: metaindex and index handle
//   (offset and size, varints), zeros, magic u64. Both: entries (shared, own, value length; key; a block's handle),
//   then the offsets of some of them u32 and their number u32.
import { open, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { readU64, viewOf } from '@piecework/protocol'
import { crc32c } from './crc32c.ts'
import { diskError } from './level-errors.ts'
import { isMissing } from './missing.ts'

const FOOTER_BYTES = 48
const MAGIC = 0xdb4775248b80fb57n
const TYPE_BYTES = 1
/** The type of a block that is not compressed. */
const PLAIN = 0
const CRC_BYTES = 4
/** Added to a rotated CRC, so that a CRC of data with CRCs in it is no trivial one. */
const MASK_DELTA = 0xa282ead8
/** Blocks of ours are 4 KB and one value, of which the largest are batches with their openings. */
const BLOCK_BYTES = 16_777_216

/** All blocks, or only index and filters, which are small: whatever lies in a block has a seal of its own. */
export type Depth = 'blocks' | 'index'

interface Handle {
  readonly offset: number
  readonly size: number
}

interface Block {
  readonly bytes: Uint8Array
  readonly type: number
}

type Read = (offset: number, length: number) => Promise<Uint8Array>

class Damaged extends Error {}

/** How many tables were set aside. */
export async function setDamagedTablesAside(folder: string, depth: Depth): Promise<number> {
  let aside = 0
  try {
    for (const name of await tablesIn(folder)) {
      const path = join(folder, name)
      if (await isSound(path, depth)) continue
      await rename(path, `${path}.damaged`)
      aside++
    }
  } catch (error) {
    throw diskError(error, folder)
  }
  return aside
}

async function tablesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => /\.(ldb|sst)$/.test(name)).sort()
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

async function isSound(path: string, depth: Depth): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const read: Read = async (offset, length) => {
      if (length > BLOCK_BYTES || offset + length > size) throw new Damaged()
      const bytes = new Uint8Array(length)
      const { bytesRead } = await file.read(bytes, 0, length, offset)
      if (bytesRead < length) throw new Damaged()
      return bytes
    }
    await check(read, size, depth)
    return true
  } catch (error) {
    if (error instanceof Damaged) return false
    throw error
  } finally {
    await file.close()
  }
}

async function check(read: Read, size: number, depth: Depth): Promise<void> {
  const footer = await read(Math.max(0, size - FOOTER_BYTES), FOOTER_BYTES)
  if (readU64(footer, FOOTER_BYTES - 8) !== MAGIC) throw new Damaged()
  const handles = new Varints(footer)
  const filters = await blockAt(read, handles.handle())
  const index = await blockAt(read, handles.handle())
  // A damaged filter hides keys that are there.
  await checkAll(read, filters)
  if (depth === 'blocks') await checkAll(read, index)
}

async function checkAll(read: Read, { bytes, type }: Block): Promise<void> {
  // A compressed index comes from another tool, and is left to LevelDB.
  if (type !== PLAIN) return
  for (const handle of handlesIn(bytes)) await blockAt(read, handle)
}

async function blockAt(read: Read, { offset, size }: Handle): Promise<Block> {
  const bytes = await read(offset, size + TYPE_BYTES + CRC_BYTES)
  const crc = crc32c(bytes.subarray(0, size + TYPE_BYTES))
  const masked = (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0
  if (viewOf(bytes).getUint32(size + TYPE_BYTES, true) !== masked) throw new Damaged()
  return { bytes: bytes.subarray(0, size), type: bytes[size] ?? PLAIN }
}

/** Tables are written without compression, so that an index can be read as it lies. */
function handlesIn(index: Uint8Array): Handle[] {
  if (index.length < 4) throw new Damaged()
  const restarts = viewOf(index).getUint32(index.length - 4, true)
  const end = index.length - 4 - 4 * restarts
  const entries = new Varints(index)
  const handles: Handle[] = []
  while (entries.at < end) {
    entries.next()
    const own = entries.next()
    entries.next()
    entries.at += own
    handles.push(entries.handle())
  }
  return handles
}

class Varints {
  readonly #bytes: Uint8Array
  at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  next(): number {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#bytes[this.at++]
      if (byte === undefined || scale > 2 ** 49) throw new Damaged()
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }

  handle(): Handle {
    return { offset: this.next(), size: this.next() }
  }
}
