// What the local network shows beside computing: a site on this machine, and a program in the place of people.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadKinds, startProgram } from '@piecework/work'
import { expect, it } from 'vitest'
import { readJobFile } from '../src/job/job-file.ts'
import { startChild } from '../src/local/child.ts'
import { PAGES, writePagesJob } from '../src/local/pages.ts'

const local = join(import.meta.dirname, '..', 'src', 'local')

it('the site serves its pages, and its job names them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'piecework-pages-test-'))
  const site = startChild({
    ...{ name: 'site', argv: [join(local, 'site.ts')], logs: folder },
    ...{ node: process.execPath, folder },
  })
  const { port } = Object(await site.said())
  const job = await readJobFile(await writePagesJob(folder, port), {
    kinds: await loadKinds([], (name) => import(name)),
  })
  const [text = ''] = [...job.content.values()].map((bytes) => new TextDecoder().decode(bytes))
  const pages = text.trim().split('\n')
  expect(pages).toHaveLength(job.pay.tasks)
  for (const [i, address] of pages.entries()) {
    expect(await (await fetch(address)).text()).toBe(PAGES[i]?.html)
  }
  expect((await fetch(`http://127.0.0.1:${port}/robots.txt`)).status).toBe(404)
  expect(await site.stop()).toBe(0)
  await rm(folder, { recursive: true })
})

it('the program answers as a person would who knows birds', async () => {
  const people = { command: process.execPath, args: [join(local, 'people.ts')], complain: () => {} }
  const program = startProgram(people)
  const ask = (text: string): Promise<Uint8Array> =>
    program.ask({
      question: { instructions: '', shown: [{ name: 'item', type: 'text', text }], fields: [], floor: 0 },
      accept: async (answer) => new TextEncoder().encode(JSON.stringify(answer)),
    })
  const said = await Promise.all([ask('with a RED BREAST'), ask('green all over')])
  expect(said.map((bytes) => JSON.parse(new TextDecoder().decode(bytes)))).toEqual([
    { answer: 'robin' },
    { answer: 'other' },
  ])
  await program.stop()
})
