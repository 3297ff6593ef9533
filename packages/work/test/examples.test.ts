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

  it('show every form of what people do', () => {
    const types = exampleNames.map((name) => {
      const { kind, work } = jobOf(name)
      return `${kind} ${Object(work).answer?.type}`
    })
    for (const form of ['one', 'several', 'text', 'boxes']) expect(types).toContain(`label ${form}`)
    for (const form of ['pairs', 'grade', 'rewrite', 'claims']) expect(types).toContain(`judge ${form}`)
  })

  it('ask for skill in another job', () => {
    const { kind, title, requires, work } = jobOf('allergens')
    const { asks } = readJobSpec(writeJobSpec({ kind, title, requires, work }), kinds)
    expect(asks).toEqual([{ job: 0, answers: 5, right: 900_000 }])
  })

  it.each(exampleNames)('%s is a job with all that it needs', async (name) => {
    const { kind, title, requires, work } = jobOf(name)
    const { job } = readJobSpec(writeJobSpec({ kind, title, requires, work }), kinds)
    const content = contentBeside(name)
    for (const hash of job.needs()) await expect(content.get(hash), toHex(hash)).resolves.toBeDefined()
    expect(job.describe()).toMatch(/\.$/)
  })
})
