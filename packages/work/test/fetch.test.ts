// The guarded fetch: what it reaches, what it tells, where it stops. All that it must refuse is in adversary 22.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isPublicAddress } from '../src/fetch/address.ts'
import { guardedFetchForTests } from '../src/fetch/testing.ts'
import { type FetchOptions, guardedFetch, type HostLogEntry } from '../src/index.ts'

let server: Server
let port = 0
const seen: IncomingMessage[] = []

function answer(request: IncomingMessage, response: ServerResponse): void {
  seen.push(request)
  if (request.url === '/moved') response.writeHead(308, { location: '/here?x=1' }).end()
  else if (request.url === '/gone') response.writeHead(410, { 'content-type': 'text/plain' }).end('gone')
  else response.end(`you asked ${request.headers.host} for ${request.url}`)
}

beforeAll(async () => {
  server = createServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})

afterAll(() => {
  server.close()
  server.closeAllConnections()
})

function options(more: Partial<FetchOptions> = {}): FetchOptions {
  return {
    job: '7 of a test',
    resolve: async () => ['127.0.0.1'],
    now: () => 1_000,
    refusedHosts: [],
    log: () => {},
    ...more,
  }
}

const forTests = (more: Partial<FetchOptions> = {}) =>
  guardedFetchForTests(options(more), { servers: [{ address: '127.0.0.1', port }] })
const text = (body: Uint8Array) => new TextDecoder().decode(body)

describe('the guarded fetch', () => {
  it('resolves a name once, connects to just that address, follows redirects and says who it is', async () => {
    let asked = 0
    const resolve = async () => {
      asked += 1
      return ['127.0.0.1']
    }
    const got = await forTests({ resolve }).get(`http://site.example:${port}/moved`)
    expect(got).toMatchObject({ status: 200, url: `http://site.example:${port}/here?x=1`, at: 1_000 })
    expect(text(got.body)).toBe(`you asked site.example:${port} for /here?x=1`)
    expect(asked).toBe(2)
    expect(seen.at(-1)?.headers['user-agent']).toContain('job 7 of a test')
    expect(seen.at(-1)?.headers.cookie).toBeUndefined()
  })

  it('gives any status as an answer', async () => {
    const { status, contentType, body } = await forTests().get(`http://127.0.0.1:${port}/gone`)
    expect([status, contentType, text(body)]).toEqual([410, 'text/plain', 'gone'])
  })

  it('keeps a log of every host, also of those that were refused', async () => {
    const log: HostLogEntry[] = []
    const fetch = forTests({ log: (entry) => log.push(entry), refusedHosts: ['bad.example'] })
    await fetch.get(`http://site.example:${port}/moved`)
    await expect(fetch.get(`http://deep.bad.example:${port}/`)).rejects.toMatchObject({
      code: 'fetch/refused',
    })
    const line = { at: 1_000, job: '7 of a test', host: 'site.example', address: '127.0.0.1' }
    expect(log).toEqual([
      { ...line, outcome: '308, 0 bytes' },
      { ...line, outcome: expect.stringContaining('200, ') },
      { ...line, host: 'deep.bad.example', address: undefined, outcome: 'fetch/refused' },
    ])
  })

  it('never asks a host that the contributor refused, though a redirect leads there', async () => {
    const before = seen.length
    const fetch = forTests({ refusedHosts: ['site.example'] })
    await expect(fetch.get(`http://site.example:${port}/`)).rejects.toMatchObject({ code: 'fetch/refused' })
    expect(seen).toHaveLength(before)
  })

  it('stops at its limits', async () => {
    const url = `http://127.0.0.1:${port}/moved`
    await expect(forTests().get(url, { bytes: 5 })).rejects.toMatchObject({ code: 'fetch/limit' })
    await expect(forTests().get(url, { redirects: 0 })).rejects.toMatchObject({ code: 'fetch/limit' })
    const never = new Promise<readonly string[]>(() => {})
    const stuck = forTests({ resolve: () => never })
    await expect(stuck.get('http://site.example/', { ms: 20 })).rejects.toMatchObject({ code: 'fetch/limit' })
  })

  it('is another function for tests: the one of production refuses the same server', async () => {
    const before = seen.length
    for (const url of [`http://127.0.0.1:${port}/`, 'http://127.0.0.1/', 'http://site.example/'])
      await expect(guardedFetch(options()).get(url)).rejects.toMatchObject({ code: 'fetch/refused' })
    const more = { servers: [{ address: '127.0.0.1', port }], allowance: true }
    const tricked = guardedFetch({ ...options(), ...more })
    await expect(tricked.get(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: 'fetch/refused' })
    expect(seen).toHaveLength(before)
  })
})

describe('public addresses', () => {
  it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450:4001::200e'])(
    '%s is one',
    (address) => expect(isPublicAddress(address)).toBe(true),
  )

  it.each([
    '127.0.0.1',
    '::ffff:8.8.8.8',
    'fe80::1',
    '2001:db8::1',
    '100.64.0.1',
    '2600::5efe:a00:1',
    'a name',
    '',
  ])('%s is none', (address) => expect(isPublicAddress(address)).toBe(false))
})
