import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Api, type ApiClient, apiClient, type Log, makeMetrics, serveApi } from '../src/index.ts'

const failures: string[] = []
const log: Log = { debug() {}, info() {}, warn() {}, error: (event) => void failures.push(event) }
const raised = z.object({ by: z.int().positive() })

let api: Api
let client: ApiClient
let total = 0
let ready: string | undefined

beforeEach(async () => {
  total = 0
  ready = undefined
  failures.length = 0
  const metrics = makeMetrics({ machine: false })
  metrics.counter('receipts_total', 'Receipts written.', ['job'])({ job: 1 }, 3)
  metrics.gauge('epoch', 'The epoch that runs.')(7)
  api = serveApi({
    host: '127.0.0.1',
    port: 0,
    log,
    metrics,
    token: 'right',
    status: () => ({ epoch: 7, bond: 10n ** 18n, key: new Uint8Array([1, 2]) }),
    notReady: () => ready,
    routes: [
      {
        method: 'POST',
        path: '/raise',
        summary: 'Adds.',
        body: raised,
        answer: ({ body }) => {
          total += raised.parse(body).by
          return { total }
        },
      },
      {
        method: 'GET',
        path: '/stints/:epoch',
        summary: 'One stint.',
        answer: ({ params, query }) => ({ epoch: params['epoch'], form: query['form'] }),
      },
      {
        method: 'GET',
        path: '/broken',
        summary: 'Fails.',
        answer: () => {
          throw new Error('secret inner words')
        },
      },
    ],
  })
  await api.start()
  client = apiClient({ url: api.url(), token: 'right' })
})
afterEach(() => api.stop())

const answer = async (path: string): Promise<unknown> => (await fetch(api.url() + path)).json()
const totalForm = z.object({ total: z.number() })

describe('the API of a daemon', () => {
  it('says that it runs, how it stands, and what it counts', async () => {
    expect(await answer('/healthz')).toEqual({ ok: true })
    expect(await answer('/status')).toEqual({ epoch: 7, bond: '1000000000000000000', key: '0102' })
    const text = await (await fetch(`${api.url()}/metrics`)).text()
    expect(text).toContain('piecework_receipts_total{job="1"} 3')
    expect(text).toContain('piecework_epoch 7')
  })

  it('says why it is not ready', async () => {
    expect(await client.notReady()).toBeUndefined()
    ready = 'the chain does not answer'
    expect(await client.notReady()).toBe('the chain does not answer')
  })

  it('gives routes their parameters', async () => {
    expect(await answer('/stints/5?form=json')).toEqual({ epoch: '5', form: 'json' })
  })

  it('changes something for whoever has the token alone', async () => {
    expect(await client.post('/raise', { by: 2 }, totalForm)).toEqual({ total: 2 })
    const stranger = apiClient({ url: api.url(), token: 'wrong' })
    await expect(stranger.post('/raise', { by: 2 }, totalForm)).rejects.toMatchObject({
      code: 'client/refused',
      context: { status: 401 },
    })
    expect(total).toBe(2)
  })

  it('refuses bodies of another form', async () => {
    await expect(client.post('/raise', { by: -1 }, totalForm)).rejects.toMatchObject({
      context: { status: 400 },
    })
    await expect(client.post('/raise', { by: 'x'.repeat(2 ** 21) }, totalForm)).rejects.toThrow()
    expect(total).toBe(0)
  })

  it('is not served under the names of others', async () => {
    const { port } = new URL(api.url())
    const { promise, resolve } = Promise.withResolvers<number | undefined>()
    const headers = { host: `evil.example:${port}` }
    request({ host: '127.0.0.1', port, path: '/status', headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    }).end()
    expect(await promise).toBe(403)
  })

  it('tells the log, and not the asker, what fails inside', async () => {
    const response = await fetch(`${api.url()}/broken`)
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('inner words')
    expect(failures).toEqual(['api-failed'])
    expect((await fetch(`${api.url()}/nowhere`)).status).toBe(404)
  })

  it('describes all that it serves', async () => {
    const { paths } = z
      .object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
      .parse(await answer('/openapi.json'))
    expect(Object.keys(paths).sort()).toEqual(
      [
        '/broken',
        '/events',
        '/healthz',
        '/metrics',
        '/openapi.json',
        '/raise',
        '/readyz',
        '/status',
        '/stints/{epoch}',
      ].sort(),
    )
    expect(paths['/raise']?.['post']).toMatchObject({ security: [{ token: [] }] })
  })

  it('sends events to whoever looks on, and ends with them connected', async () => {
    const response = await fetch(`${api.url()}/events`)
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('data:')) {
      const { value = '', done } = (await reader?.read()) ?? { done: true }
      if (done) break
      text += value
      if (text.includes('welcome') && !text.includes('data:')) api.publish('epoch', { epoch: 8, paid: 5n })
    }
    expect(text).toContain('event: epoch\ndata: {"epoch":8,"paid":"5"}')
    await api.stop()
    await api.stop()
  })

  it('says who has its port', async () => {
    const options = { host: '127.0.0.1', log, metrics: makeMetrics({ machine: false }), token: 'x' }
    const second = serveApi({ ...options, port: Number(new URL(api.url()).port), status: () => null })
    await expect(second.start()).rejects.toMatchObject({ code: 'serve/port-taken' })
    await second.stop()
  })
})

describe('the client', () => {
  it('says when nobody answers', async () => {
    const { url } = { url: api.url() }
    await api.stop()
    await expect(apiClient({ url }).get('/status', z.unknown())).rejects.toMatchObject({
      code: 'client/unreachable',
    })
  })

  it('believes no other form', async () => {
    await expect(client.get('/status', totalForm)).rejects.toMatchObject({ code: 'client/malformed' })
  })
})
