// The jobs of the crowd: the examples of the docs, with as many replicas as there are people, and a web job on a site here.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import type { JobFolder } from '@piecework/cli/local'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { REPLICAS } from './cast.ts'
import { pageOf } from './page.ts'

const EXAMPLES = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'examples')
const HOST = '127.0.0.1'
/** Examples that people do, and one that any program can. */
const PEOPLES: readonly string[] = ['birds', 'claims']
const CHECKED = 'brightest'
/** What the requester says it knows of the birds: a right answer, and two that nobody of the honest gives. */
export const KEPT = 'birds'
const KNOWN: readonly (readonly [task: number, answer: string])[] = [
  [0, 'robin'],
  [1, 'tit'],
  [3, 'robin'],
]
export const PAGES: readonly string[] = ['/robin', '/blackbird', '/tit', '/wren']

const anyJob = z.looseObject({ pay: z.looseObject({}) })

export async function writeJobs(folder: string, port: number): Promise<readonly JobFolder[]> {
  const people = PEOPLES.map(async (name): Promise<JobFolder> => {
    const from = join(folder, name)
    await cp(join(EXAMPLES, name), from, { recursive: true })
    const file = join(from, 'job.yaml')
    const job = anyJob.parse(parse(await readFile(file, 'utf8')))
    const known = name === KEPT ? { known: 'known.jsonl' } : {}
    await writeFile(file, stringify({ ...job, ...known, pay: { ...job.pay, replicas: REPLICAS } }))
    return { name, from }
  })
  const jobs = await Promise.all(people)
  const lines = KNOWN.map(([task, answer]) => `${JSON.stringify({ task, answer })}\n`)
  await writeFile(join(folder, KEPT, 'known.jsonl'), lines.join(''))
  const web = { name: 'pages', from: await writePages(join(folder, 'pages'), port) }
  return [...jobs, web, { name: CHECKED, from: join(EXAMPLES, CHECKED) }]
}

async function writePages(folder: string, port: number): Promise<string> {
  await mkdir(folder)
  await writeFile(join(folder, 'pages.txt'), PAGES.map((path) => `http://${HOST}:${port}${path}\n`).join(''))
  const pay = { price: 0.05, tasks: PAGES.length, replicas: REPLICAS }
  const job = {
    kind: 'web',
    title: 'What do these pages say?',
    work: { pages: 'pages.txt', hosts: [HOST] },
    pay,
  }
  await writeFile(join(folder, 'job.yaml'), stringify(job))
  return folder
}

export interface Site {
  readonly port: number
  readonly server: Server
}

export async function openSite(): Promise<Site> {
  const server = createServer(({ url = '' }, response) => {
    if (!PAGES.includes(url)) response.writeHead(404).end()
    else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(birdOf(url))
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, HOST, resolve)
  await promise
  const address = server.address()
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 }
}

function birdOf(path: string): string {
  const text = `All that is to be said of ${path.slice(1)}, a bird of gardens, in a sentence that is long enough to be read.`
  return pageOf(path, text)
}
