// The kind web, against a site on this machine through the allowance of tests.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { contractOf } from '@piecework/work/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { guardedFetchForTests } from '../../src/fetch/testing.ts'
import type { WorkContext } from '../../src/index.ts'
import { kind } from '../../src/kinds/web/kind.ts'
import { readPage, writePage } from '../../src/kinds/web/page.ts'
import { simhash } from '../../src/statistics/index.ts'
import { contentOf } from '../support/align.ts'
import { json, judge, parsed } from '../support/crowd.ts'
import { testSandbox } from '../support/sandbox.ts'

const WORDS = Array.from({ length: 120 }, (_, i) => `word${i * i}`).join(' ')
let views = 0
const asked: string[] = []

const PAGES: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/robots.txt': (response) =>
    response.end('User-agent: *\nDisallow: /private\n\nUser-agent: evil\nDisallow: /'),
  '/article': (response) =>
    html(response, `<article><h1>News</h1><p>${WORDS}</p><p>seen ${++views} times</p></article>`),
  '/plain': (response) => response.setHeader('content-type', 'text/plain').end(' just \n\n text\u0007 '),
  '/moved': (response) => response.writeHead(302, { location: '/article' }).end(),
  '/into-private': (response) => response.writeHead(302, { location: '/private/x' }).end(),
  '/leaves': (response) => response.writeHead(302, { location: 'http://elsewhere.example/' }).end(),
  '/private/x': (response) => html(response, 'secret'),
  '/nested': (response) => html(response, '<b>'.repeat(60_000)),
}

function html(response: ServerResponse, body: string): void {
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.end(
    `<!doctype html><html><head><title>A page</title><script>evil()</script></head><body>${body}` +
      `<a href="/next#part">next</a><a href="/next">again</a><a href="mailto:x@y.z">mail</a></body></html>`,
  )
}

const server = createServer((request: IncomingMessage, response) => {
  asked.push(`${request.headers.host?.split(':')[0]}${request.url}`)
  const page = request.headers.host?.startsWith('broken.') ? undefined : PAGES[request.url ?? '']
  if (page !== undefined) page(response)
  else response.writeHead(request.headers.host?.startsWith('broken.') ? 503 : 404).end()
})
let port = 0

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})

afterAll(() => {
  server.close()
  server.closeAllConnections()
})

const HOSTS = ['site.example', 'broken.example']

function jobFor(addresses: readonly string[]) {
  const pages = new TextEncoder().encode(
    addresses.map((one) => one.replace(/^(\w+\.example)/, `http://$1:${port}`)).join('\n'),
  )
  const spec = { pages: createHash('sha256').update(pages).digest('hex'), hosts: HOSTS, links: 5 }
  const context = (refusedHosts: readonly string[] = []): WorkContext => {
    const options = {
      job: 'a test',
      resolve: async () => ['127.0.0.1'],
      now: () => 1_234.5,
      refusedHosts,
      log: () => {},
    }
    const fetch = guardedFetchForTests(options, { servers: [{ address: '127.0.0.1', port }] })
    return { sandbox: testSandbox(), content: contentOf([pages]), fetch }
  }
  return { spec, job: kind.open(spec), context }
}

async function visit(address: string, refusedHosts: readonly string[] = []) {
  const { job, context } = jobFor([address])
  return job.result((await job.perform?.(0, context(refusedHosts))) ?? new Uint8Array())
}

const page = (text: string, more: object = {}) =>
  writePage({
    outcome: 'page',
    url: 'http://site.example/',
    status: 200,
    title: '',
    text,
    links: [],
    fetchedAt: 7,
    contentHash: '',
    ...more,
  })

describe('the contract of all kinds', () => {
  const { spec } = jobFor(['site.example/article'])
  const badSpecs = [
    { spec: { ...spec, hosts: [] }, says: 'hosts' },
    { spec: { ...spec, hosts: ['http://site.example'] }, says: 'hosts' },
    { spec: { ...spec, pages: 'http://site.example' }, says: 'pages' },
    { spec: { ...spec, alike: 40 }, says: 'alike' },
  ]
  const answers = [page('a'), page('a'), page('b')]
  const machine = async () => jobFor(['site.example/article']).context()
  for (const { name, run } of contractOf({ kind, spec, badSpecs, tasks: [0], machine, answers }))
    it(name, run)
})

describe('a visit', () => {
  it('hands in title, text, links, time, hash and simhash of a page', async () => {
    const found = await visit('site.example/article')
    expect(found).toMatchObject({
      outcome: 'page',
      url: `http://site.example:${port}/article`,
      status: 200,
      title: 'A page',
      text: expect.stringMatching(/^News word0 word1 word4 .* seen \d+ times/),
      links: [`http://site.example:${port}/next`],
      fetchedAt: 1_234,
      contentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      simhash: expect.stringMatching(/^[0-9a-f]{16}$/),
    })
    expect(JSON.stringify(found)).not.toContain('evil')
  })

  it('takes plain text as it is, and other answers without their text', async () => {
    expect(await visit('site.example/plain')).toMatchObject({ text: 'just text', status: 200 })
    expect(await visit('site.example/none')).toMatchObject({ outcome: 'page', text: '', status: 404 })
  })

  it('follows redirects within the hosts of the job, and what robots.txt allows', async () => {
    expect(await visit('site.example/moved')).toMatchObject({ url: `http://site.example:${port}/article` })
    asked.length = 0
    expect(await visit('site.example/private/x')).toMatchObject({ outcome: 'robots', text: '' })
    expect(await visit('site.example/into-private')).toMatchObject({ outcome: 'robots' })
    expect(await visit('site.example/leaves')).toMatchObject({
      outcome: 'elsewhere',
      url: 'http://elsewhere.example/',
    })
    expect(await visit('other.example/')).toMatchObject({ outcome: 'elsewhere' })
    expect(asked.filter((one) => /private\/x|elsewhere|other/.test(one))).toEqual([])
  })

  it('never asks a host that the contributor refused, nor reads a site whose robots.txt it cannot have', async () => {
    asked.length = 0
    await expect(visit('site.example/article', ['example'])).rejects.toMatchObject({ code: 'fetch/refused' })
    expect(asked).toEqual([])
    await expect(visit('broken.example/article')).rejects.toMatchObject({ code: 'fetch/failed' })
    expect(asked).toEqual(['broken.example/robots.txt'])
  })

  it('does nothing without a fetch, and survives pages made to break readers', async () => {
    const { job, context } = jobFor(['site.example/nested'])
    const { sandbox, content } = context()
    await expect(job.perform?.(0, { sandbox, content })).rejects.toMatchObject({ code: 'task/declined' })
    await expect(job.perform?.(0, context())).rejects.toMatchObject({ code: 'fetch/failed' })
  })

  it('fits into what a report carries', () => {
    const output = page('"\u2028'.repeat(24_000))
    expect(output.length).toBeLessThanOrEqual(65_536)
    expect(readPage(output)?.text.length).toBeGreaterThan(5_000)
  })
})

describe('agreement', () => {
  const { job } = jobFor([])
  const scores = (...outputs: readonly Uint8Array[]) =>
    judge(job, [{ task: 0, given: outputs.map((output, owner) => ({ owner, output })) }])

  it('is for the text that most saw, but for white space, counters and the time', () => {
    const same = [
      page(`${WORDS} seen 1 times`),
      page(`${WORDS}  seen 2 times`, { fetchedAt: 9, contentHash: 'a'.repeat(64) }),
    ]
    const judged = scores(...same, page('made up'), page(WORDS, { status: 500 }))
    expect(judged.scores).toEqual([[0, 0, 0, 0]])
    const most = scores(...same, page('made up'))
    expect(most.scores).toEqual([[1_000_000, 1_000_000, 0]])
    expect(parsed(most.results[0])).toMatchObject({ status: 200 })
  })

  it('is for nobody when nobody has more than half on its side', () => {
    const judged = scores(page('one'), page('two'))
    expect([judged.scores, judged.results]).toEqual([[[0, 0]], [new Uint8Array()]])
  })

  it('does not believe a simhash, nor anything that is no page', () => {
    const claims = { ...(parsed(page(WORDS)) as object), text: 'other', simhash: simhash(WORDS) }
    expect(scores(page(WORDS), page(WORDS), json(claims), json({}), new Uint8Array([255])).scores).toEqual([
      [1_000_000, 1_000_000, 0, 0, 0],
    ])
  })

  it('scores who comes later by what was found', () => {
    const result = page(WORDS)
    const later = judge(job, [
      {
        task: 0,
        result,
        given: [
          { owner: 1, output: page('other') },
          { owner: 2, output: page(WORDS) },
        ],
      },
    ])
    expect(later.scores).toEqual([[0, 1_000_000]])
  })
})
