// Every example job is one that its kind takes, and finds all that it names beside it.
import { toHex } from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
import { loadKinds, readJobSpec, writeJobSpec } from '../src/index.ts'
import { contentBeside, exampleNames, jobOf } from './support/examples.ts'

const kinds = await loadKinds([], (name) => import(name))

describe('the example jobs', () => {
  it('show every kind that is built in', () => {
    const shown = new Set(exampleNames.map((name) => jobOf(name).kind))
    expect([...shown].sort()).toEqual(kinds.all.map(({ name }) => name).sort())
  })

  it.each(exampleNames)('%s is a job with all that it needs', async (name) => {
    const { kind, title, work } = jobOf(name)
    const { job } = readJobSpec(writeJobSpec({ kind, title, work }), kinds)
    const content = contentBeside(name)
    for (const hash of job.needs()) await expect(content.get(hash), toHex(hash)).resolves.toBeDefined()
    expect(job.describe()).toMatch(/\.$/)
  })
})
