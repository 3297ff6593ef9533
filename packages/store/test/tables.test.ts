// Every flipped byte that a table's checksums cover is found, and nothing else is set aside.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SeededRandom } from '@piecework/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { crc32c } from '../src/disk/crc32c.ts'
import { setDamagedTablesAside } from '../src/disk/tables.ts'
import { chainOf } from './support/batches.ts'
import { type LevelMachine, levelMachine } from './support/machine.ts'

const FLIPS = 200
/** Magic, padding and handles at the end: LevelDB looks at those by itself. */
const FOOTER_BYTES = 48

describe('the tables of level', () => {
  const random = new SeededRandom('tables')
  let machine: LevelMachine
  let kept: string
  beforeEach(async () => {
    machine = await levelMachine()
    kept = join(machine.folder, 'kept')
    const store = await machine.open()
    for (const { signed } of chainOf(1, 7, 20)) await store.receipts.append(signed)
    await store.close()
    await (await machine.open()).close()
  })
  afterEach(() => machine.end())

  const tables = async (): Promise<string[]> => (await readdir(kept)).filter((name) => name.endsWith('.ldb'))

  it('are sound as they are written', async () => {
    expect((await tables()).length).toBeGreaterThan(0)
    expect(await setDamagedTablesAside(kept, 'blocks')).toBe(0)
  })

  it('are set aside for any byte that is another, whole or cut', async () => {
    const [name = ''] = await tables()
    const path = join(kept, name)
    const whole = await readFile(path)
    for (let i = 0; i < FLIPS; i++) {
      const at = random.below(whole.length - FOOTER_BYTES)
      await writeFile(path, whole.with(at, (whole[at] ?? 0) ^ (1 + random.below(255))))
      expect(await setDamagedTablesAside(kept, 'blocks')).toBe(1)
      await writeFile(path, whole.subarray(0, random.below(whole.length)))
      expect(await setDamagedTablesAside(kept, 'index')).toBe(1)
    }
  })

  it('are read in bounded time and memory, whatever they hold', async () => {
    const [name = ''] = await tables()
    for (let i = 0; i < FLIPS; i++) {
      const junk = random.bytes(random.below(2_000))
      await writeFile(join(kept, name), junk)
      expect(await setDamagedTablesAside(kept, 'blocks')).toBe(1)
    }
  })
})

describe('CRC-32C', () => {
  it.each([
    // RFC 3720, B.4
    [new Uint8Array(32), 0x8a9136aa],
    [new Uint8Array(32).fill(0xff), 0x62a8ab43],
    [Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ])('of %o', (bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected)
  })
})
