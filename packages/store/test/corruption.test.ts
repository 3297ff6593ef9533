// Damage is found and said: what can't be lost is refused as a whole, what can be fetched again is thrown away.
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SeededRandom } from '@piecework/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MemoryDisks, StoreError, type StoreErrorCode, textSetting } from '../src/index.ts'
import { BULK, KEPT } from '../src/records/keys.ts'
import { chainOf, openingOf, stintOf } from './support/batches.ts'
import { bytes, collect, hashOf, refusal } from './support/collect.ts'
import { tamper } from './support/failing-disk.ts'
import { type LevelMachine, levelMachine, memoryMachine } from './support/machine.ts'
import { stateOf } from './support/states.ts'

const FLIPS = 40
const chain = chainOf(1, 7, 6)

describe('records that must not be lost', () => {
  async function written(): Promise<MemoryDisks> {
    const disks = new MemoryDisks()
    const store = await memoryMachine(disks).open()
    for (const { signed } of chain) await store.receipts.append(signed)
    await store.close()
    return disks
  }

  it.each([KEPT.meta, KEPT.guard, KEPT.receipts])(
    'are missed when one of section %i is gone',
    async (section) => {
      const disks = await written()
      let gone = false
      const count = await tamper(disks.kept, ({ key }) => {
        if (gone || key[0] !== section || key.length < 2) return undefined
        gone = true
        return { key, value: undefined }
      })
      expect(count).toBe(1)
      await expect(memoryMachine(disks).open()).rejects.toEqual(refusal('store/corrupt'))
    },
  )

  it('are missed when one is another', async () => {
    const disks = await written()
    await tamper(disks.kept, ({ key, value }) =>
      key[0] === KEPT.guard && value !== undefined
        ? { key, value: value.with(20, (value[20] ?? 0) ^ 1) }
        : undefined,
    )
    await expect(memoryMachine(disks).open()).rejects.toEqual(refusal('store/corrupt'))
  })

  it('are missed when the newest are gone with their tally', async () => {
    const [disks, old] = [await written(), new MemoryDisks()]
    const store = await memoryMachine(old).open()
    await store.receipts.append(chain[0]?.signed ?? bytes(0))
    const rolledBack = Object.assign(new MemoryDisks(), { kept: old.kept, witness: disks.witness })
    await expect(memoryMachine(rolledBack).open()).rejects.toEqual(refusal('store/corrupt'))
  })
})

describe('what can be fetched again', () => {
  it('is let go when it is damaged: content', async () => {
    const disks = new MemoryDisks()
    const store = await memoryMachine(disks).open()
    const content = bytes(100)
    await store.content.put(hashOf(content), [content])
    await tamper(disks.bulk, ({ key, value }) =>
      key[0] === BULK.chunks && value !== undefined
        ? { key, value: value.with(50, (value[50] ?? 0) ^ 1) }
        : undefined,
    )
    const found = await store.content.get(hashOf(content))
    if (found === undefined) throw new Error('it is not there')
    await expect(collect(found)).rejects.toEqual(refusal('record/damaged'))
    expect(await store.content.has(hashOf(content))).toBe(false)
    expect(store.content.counters().damaged).toBe(1)
    expect(await store.content.put(hashOf(content), [content])).toBe(true)
  })

  it('is kept again in its place when it is damaged: what was delivered', async () => {
    const disks = new MemoryDisks()
    const store = await memoryMachine(disks).open()
    const [stint, first, second] = [stintOf(1, 7), openingOf(1, 0), openingOf(1, 1)]
    for (const opening of [first, second]) await store.openings.keep(stint, opening)
    const used = await store.openings.used()
    let isFirst = true
    await tamper(disks.bulk, ({ key, value }) => {
      if (key[0] !== BULK.openings || value === undefined || !isFirst) return undefined
      isFirst = false
      return { key, value: value.with(-1, (value.at(-1) ?? 0) ^ 1) }
    })
    const [whole] = await collect(store.openings.of(stint))
    const damaged = whole?.row.task === 0 ? second : first
    expect(await collect(store.openings.of(stint))).toHaveLength(1)
    expect(await store.openings.find(stint, damaged.row.commit)).toBeUndefined()
    await store.openings.keep(stint, damaged)
    expect(await store.openings.find(stint, damaged.row.commit)).toEqual(damaged)
    expect(await store.openings.used()).toEqual(used)
  })

  it('is said to be damaged, and saved again whole: states', async () => {
    const disks = new MemoryDisks()
    const store = await memoryMachine(disks).open()
    await store.states.save(stateOf(0))
    await tamper(disks.bulk, ({ key, value }) =>
      key[0] === BULK.pages && value !== undefined ? { key, value: value.subarray(1) } : undefined,
    )
    await expect(store.states.restore(0)).rejects.toEqual(refusal('state/damaged'))
    await store.states.save(stateOf(0))
    expect((await store.states.restore(0)).epoch).toBe(0)
  })
})

describe('files of level with flipped bytes', () => {
  type End = StoreErrorCode | 'whole' | 'discarded'
  const random = new SeededRandom('flips')
  let machine: LevelMachine
  beforeEach(async () => {
    machine = await levelMachine()
  })
  afterEach(() => machine.end())

  /** What becomes of the store after a byte of one of these files was flipped. */
  async function flip(part: string): Promise<End> {
    const files = (await readdir(join(machine.folder, part))).filter((name) => !/^LOCK$|^LOG/.test(name))
    const path = join(machine.folder, part, files[random.below(files.length)] ?? '')
    const found = await readFile(path)
    const at = random.below(found.length)
    await writeFile(path, found.fill((found[at] ?? 0) ^ (1 + random.below(255)), at, at + 1))
    return becomes()
  }

  async function becomes(): Promise<End> {
    try {
      const store = await machine.open()
      const held = await collect(store.receipts.batches(stintOf(1, 7)))
      const { bulkDiscarded } = store.counters()
      await store.close()
      expect(held).toEqual(chain.map(({ signed }) => signed))
      return bulkDiscarded ? 'discarded' : 'whole'
    } catch (error) {
      if (error instanceof StoreError) {
        return error.code
      }
      throw error
    }
  }

  it("do not keep a verifier from starting, when it is in a stranger's output", async () => {
    const store = await machine.open()
    for (const { signed } of chain) await store.receipts.append(signed)
    const opening = openingOf(2, 0, 'of a stranger')
    await store.openings.keep(stintOf(2, 7), opening)
    await store.close()
    let flipped = 0
    for (const part of ['kept', 'bulk']) {
      for (const name of await readdir(join(machine.folder, part))) {
        const path = join(machine.folder, part, name)
        const found = await readFile(path)
        const at = found.indexOf(opening.output)
        if (at < 0) continue
        await writeFile(path, found.fill((found[at] ?? 0) ^ 1, at, at + 1))
        flipped++
      }
    }
    expect(flipped).toBe(1)
    expect(await becomes()).toMatch(/whole|discarded/)
  })

  it.each(['kept', 'bulk'])('never open with something missing: %s', async (part) => {
    const store = await machine.open()
    for (const { signed } of chain) await store.receipts.append(signed)
    const content = bytes(5_000)
    await store.content.put(hashOf(content), [content])
    await store.close()
    // Opened once more, its log becomes a table: both kinds of files are there.
    const again = await machine.open()
    await again.settings.set(textSetting('name'), 'home')
    await again.content.pin(hashOf(content), true)
    await again.close()
    const saved = `${machine.folder}-saved`
    await cp(machine.folder, saved, { recursive: true })
    // As after two bad ends in a row, so that bulk's blocks are checked too: else LevelDB may end this process.
    await writeFile(join(saved, 'running'), '2')
    expect(await becomes()).toBe('whole')
    const ends = new Map<string, number>()
    for (let i = 0; i < FLIPS; i++) {
      await rm(machine.folder, { recursive: true })
      await cp(saved, machine.folder, { recursive: true })
      const end = await flip(part)
      ends.set(end, (ends.get(end) ?? 0) + 1)
    }
    await rm(saved, { recursive: true })
    console.log(`${FLIPS} flipped bytes in ${part}: ${JSON.stringify(Object.fromEntries(ends))}`)
    const expected = part === 'kept' ? ['store/corrupt', 'whole'] : ['discarded', 'whole']
    expect([...ends.keys()].filter((end) => !expected.includes(end))).toEqual([])
    expect(ends.get(expected[0] ?? '')).toBeGreaterThan(0)
  })
})
