// Runs that end badly are counted until one ends well.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { beginRun, endRun } from '../src/disk/runs.ts'
import { refusal } from './support/collect.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runs-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('counts bad ends in a row, and forgets them at a good one', async () => {
  const path = join(folder, 'running')
  const counts = [await beginRun(path), await beginRun(path), await beginRun(path)]
  await endRun(path)
  await endRun(path)
  expect([...counts, await beginRun(path)]).toEqual([0, 1, 2, 0])
})

it('takes a count that is none for many, and says what is wrong with the folder', async () => {
  for (const junk of ['', 'x', '-1', '1e99']) {
    await writeFile(join(folder, 'junk'), junk)
    expect(await beginRun(join(folder, 'junk'))).toBeGreaterThan(2)
  }
  await expect(beginRun(folder)).rejects.toEqual(refusal('disk/failed'))
})
