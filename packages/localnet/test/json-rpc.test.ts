// JSON-RPC itself: malformed requests, batches, notifications and limits.
import { once } from 'node:events'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type Localnet, startLocalnet } from '../src/index.ts'
import { parse, stringify } from '../src/json.ts'
import { ask, byHand, handPorts, key, post } from './support.ts'

const health = { jsonrpc: '2.0', id: 7, method: 'getHealth' }

async function answerTo(localnet: Localnet, body: unknown): Promise<unknown> {
  const response = await post(localnet, typeof body === 'string' ? body : JSON.stringify(body))
  return response.status === 200 ? response.json() : response.status
}

function failed(code: number, id: unknown = null): unknown {
  return { jsonrpc: '2.0', error: expect.objectContaining({ code, message: expect.any(String) }), id }
}

test.each([
  ['no JSON', '{"jsonrpc"', failed(-32700)],
  ['no request', '5', failed(-32600)],
  ['no version', { id: 1, method: 'getHealth' }, failed(-32600, 1)],
  ['another version', { ...health, jsonrpc: '1.0' }, failed(-32600, 7)],
  ['no method', { jsonrpc: '2.0', id: 'a' }, failed(-32600, 'a')],
  ['params of a wrong kind', { ...health, params: 'x' }, failed(-32600, 7)],
  ['an id of a wrong kind', { ...health, id: {} }, failed(-32600)],
  ['an unknown method', { ...health, method: 'getNothing' }, failed(-32601, 7)],
  ["a method of every object's own", { ...health, method: 'toString' }, failed(-32601, 7)],
  ['too many params', { ...health, params: [1] }, failed(-32602, 7)],
  ['an address that is none', { ...health, method: 'getBalance', params: ['0OIl'] }, failed(-32602, 7)],
  ['an address that is too short', { ...health, method: 'getBalance', params: ['abc'] }, failed(-32602, 7)],
  ['no address', { ...health, method: 'getBalance', params: [] }, failed(-32602, 7)],
  [
    'an unknown commitment',
    { ...health, method: 'getSlot', params: [{ commitment: 'recent' }] },
    failed(-32602, 7),
  ],
  ['an empty batch', [], failed(-32600)],
  ['too long a batch', Array(101).fill(health), failed(-32600)],
  [
    'a batch',
    [health, { ...health, id: 8 }],
    [
      { jsonrpc: '2.0', result: 'ok', id: 7 },
      { jsonrpc: '2.0', result: 'ok', id: 8 },
    ],
  ],
  ['a batch with an error', [5, health], [failed(-32600), { jsonrpc: '2.0', result: 'ok', id: 7 }]],
  ['a notification', { jsonrpc: '2.0', method: 'getHealth' }, 204],
  ['a batch of notifications', [{ jsonrpc: '2.0', method: 'getHealth' }], 204],
  [
    'null for a config',
    { ...health, method: 'getBalance', params: [key('a').publicKey.toBase58(), null] },
    { jsonrpc: '2.0', result: expect.anything(), id: 7 },
  ],
])('%s', async (_name, body, answer) => {
  const localnet = await byHand()
  expect(await answerTo(localnet, body)).toEqual(answer)
})

test('ids come back exactly, however large', async () => {
  const localnet = await byHand()
  const response = await post(localnet, '{"jsonrpc":"2.0","id":18446744073709551615,"method":"getHealth"}')
  expect(await response.text()).toBe('{"jsonrpc":"2.0","result":"ok","id":18446744073709551615}')
})

test('whatever JSON arrives, the answer is an answer', async () => {
  const localnet = await byHand()
  const names = [
    'getAccountInfo',
    'sendTransaction',
    'getProgramAccounts',
    'getTransaction',
    'simulateTransaction',
    'requestAirdrop',
    'getFeeForMessage',
  ]
  const request = fc.record({
    jsonrpc: fc.constant('2.0'),
    id: fc.integer(),
    method: fc.constantFrom(...names),
    params: fc.array(fc.oneof(fc.jsonValue(), fc.constant(localnet.fundedAddress), fc.base64String())),
  })
  await fc.assert(
    fc.asyncProperty(request, async (one) => {
      const answer = await answerTo(localnet, stringify(one))
      expect(answer).toMatchObject({ jsonrpc: '2.0', id: one.id })
      const { error } = answer as { error?: { code: number } }
      if (error !== undefined) expect([-32602, -32603, -32600, -32020]).toContain(error.code)
    }),
    { numRuns: 200 },
  )
})

test('integers survive JSON, whatever their size', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }), (value) => {
      const back = parse(stringify({ value }))
      expect(back).toEqual({ value: Number.isSafeInteger(Number(value)) ? Number(value) : value })
    }),
  )
})

test('bodies over the limit, other methods, and other origins', async () => {
  const localnet = await byHand()
  const long = await post(localnet, JSON.stringify({ ...health, params: ['x'.repeat(60_000)] }))
  expect(long.status).toBe(413)
  expect((await fetch(localnet.url)).status).toBe(405)
  const options = await fetch(localnet.url, { method: 'OPTIONS' })
  expect(options.headers.get('access-control-allow-origin')).toBe('*')
  expect((await ask(localnet, 'getHealth')).result).toBe('ok')
})

test('a port that is taken is a clear error', async () => {
  const localnet = await byHand()
  const port = Number(new URL(localnet.url).port)
  const second = startLocalnet({ port, slotMs: 0 }, handPorts())
  await expect(second).rejects.toMatchObject({
    code: 'port/unavailable',
    message: expect.stringContaining(`Port ${port}`),
  })
})

test('listening to more than this machine is said aloud', async () => {
  const ports = handPorts()
  await byHand({ host: '0.0.0.0' }, ports)
  expect(ports.warnings[0]).toContain('local work')
  const quiet = handPorts()
  await byHand({ host: '127.0.0.1' }, quiet)
  expect(quiet.warnings).toEqual([])
})

test('stopping twice is stopping once, and cuts what is still connected', async () => {
  const localnet = await byHand()
  const ws = new WebSocket(localnet.wsUrl)
  await once(ws, 'open')
  const closed = once(ws, 'close')
  await Promise.all([localnet.stop(), localnet.stop(), closed])
  await expect(ask(localnet, 'getHealth')).rejects.toThrow()
})
