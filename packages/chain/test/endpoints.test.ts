// Endpoints that fail: each way of failing is a clear error within a bounded time, and the next endpoint is asked.
import { describe, expect, it } from 'vitest'
import type { ChainErrorCode } from '../src/index.ts'
import { Cluster, dead, hang, Refusal, type Script, type Scripted, scripted } from './support/scripted.ts'

const cluster = new Cluster()
const honest = cluster.endpoint()

function read({ chain, time }: Scripted) {
  return time.during(chain.accounts([chain.at.network]))
}

const badAnswers: readonly [string, Script, ChainErrorCode][] = [
  ['refuses connections', cluster.endpoint({ getMultipleAccounts: dead }), 'rpc/unreachable'],
  ['never answers', cluster.endpoint({ getMultipleAccounts: hang }), 'rpc/timeout'],
  ['never answers anything', { getGenesisHash: hang }, 'rpc/timeout'],
  ['answers with a web page', answering(new Response('<html>hello</html>')), 'rpc/garbage'],
  ['answers with half a JSON', answering(new Response('{"jsonrpc":"2.0","id":2,"res')), 'rpc/garbage'],
  ['is a broken gateway', answering(new Response('bad gateway', { status: 502 })), 'rpc/unreachable'],
  ['has too many clients', answering(new Response('{}', { status: 429 })), 'rpc/unreachable'],
  ['answers another call', answering(Response.json({ jsonrpc: '2.0', id: 77, result: {} })), 'rpc/garbage'],
  ['has no result', answering(Response.json({ jsonrpc: '2.0', id: 2 })), 'rpc/garbage'],
  ['has no context', resulting({ value: [null] }), 'rpc/garbage'],
  ['has a slot that is none', resulting({ context: { slot: -1 }, value: [null] }), 'rpc/garbage'],
  ['gives more accounts than asked', inSlot([null, null]), 'rpc/garbage'],
  ['gives no list', inSlot({}), 'rpc/garbage'],
  [
    'gives data that is no base64',
    inSlot([{ owner: cluster, lamports: 1, data: ['%%', 'base64'] }]),
    'rpc/garbage',
  ],
  ['gives data in another encoding', inSlot([account({ data: ['11', 'base58'] })]), 'rpc/garbage'],
  ['gives negative money', inSlot([account({ lamports: -5 })]), 'rpc/garbage'],
  ['gives an owner that is none', inSlot([account({ owner: 'me' })]), 'rpc/garbage'],
  ['does not know the method', resulting(new Refusal(-32601, 'Method not found')), 'rpc/refused'],
  ['is not well', resulting(new Refusal(-32005, 'Node is behind by 42 slots')), 'rpc/unreachable'],
  [
    'has an error that is none',
    answering(Response.json({ jsonrpc: '2.0', id: 2, error: 'x' })),
    'rpc/garbage',
  ],
]

function answering(response: Response): Script {
  return cluster.endpoint({ getMultipleAccounts: () => response.clone() })
}

function resulting(result: unknown): Script {
  return cluster.endpoint({ getMultipleAccounts: () => result })
}

function inSlot(value: unknown): Script {
  return resulting({ context: { slot: 1_000 }, value })
}

function account(changed: object): object {
  return { owner: '1'.repeat(32), lamports: 1, data: ['', 'base64'], ...changed }
}

/** Four rounds of one call that takes its whole time, with the pauses between. */
const LONGEST_MS = 4 * 8_000 + 4_000

describe('an endpoint that', () => {
  it.each(badAnswers)('%s is an error that says so', async (_, script, code) => {
    const one = scripted([script])
    await expect(read(one)).rejects.toMatchObject({ code })
    expect(one.time.now()).toBeLessThan(LONGEST_MS)
  })

  it.each(badAnswers)('%s gives way to the next', async (_, script) => {
    const two = scripted([script, honest], { agree: 1 })
    expect((await read(two)).value).toEqual([undefined])
  })

  it('answers more than anybody could want is cut off', async () => {
    const chunk = new Uint8Array(1024 * 1024).fill(32)
    let sent = 0
    const pull = (controller: ReadableStreamDefaultController): void => {
      sent += 1
      controller.enqueue(chunk)
    }
    const endless = cluster.endpoint({
      getMultipleAccounts: () => new Response(new ReadableStream({ pull })),
    })
    await expect(read(scripted([endless]))).rejects.toMatchObject({ code: 'rpc/garbage' })
    expect(sent).toBeLessThan(4 * 40)
  })
})

describe('errors', () => {
  it('name the host, and never the key in the URL', async () => {
    for (const [, script] of badAnswers) {
      const error: Error = await read(scripted([script])).then(
        () => new Error('it was read'),
        (reason: Error) => reason,
      )
      expect(`${error.message} ${JSON.stringify(error)}`).not.toContain('secret')
    }
  })
})

describe('retries', () => {
  it('are few, with pauses that grow', async () => {
    const times: number[] = []
    const failing = cluster.endpoint({
      getMultipleAccounts: () => {
        times.push(one.time.now())
        throw new TypeError('fetch failed')
      },
    })
    const one: Scripted = scripted([failing])
    await expect(read(one)).rejects.toMatchObject({ code: 'rpc/unreachable' })
    expect(times).toEqual([0, 200, 600, 1_400])
  })

  it('do not repeat what was refused for good', async () => {
    const one = scripted([resulting(new Refusal(-32601, 'Method not found'))])
    await expect(read(one)).rejects.toMatchObject({ code: 'rpc/refused' })
    expect(one.calls.map(({ method, outcome }) => [method, outcome])).toEqual([
      ['getGenesisHash', 'ok'],
      ['getMultipleAccounts', 'rpc/refused'],
    ])
  })

  it('turn to the endpoint that works', async () => {
    const two = scripted([cluster.endpoint({ getMultipleAccounts: dead }), honest], { agree: 1 })
    await read(two)
    two.calls.length = 0
    await read(two)
    expect(two.calls.map(({ endpoint, outcome }) => [endpoint, outcome])).toEqual([['endpoint:2', 'ok']])
  })

  it('end when the chain is stopped', async () => {
    const one = scripted([cluster.endpoint({ getMultipleAccounts: hang })])
    const reading = one.chain.accounts([one.chain.at.network])
    reading.catch(() => {})
    await one.time.advance(100)
    await one.chain.stop()
    await expect(one.time.during(reading)).rejects.toMatchObject({ code: 'chain/stopped' })
    expect(one.time.now()).toBe(100)
  })
})

describe('metrics', () => {
  it('are told of every call', async () => {
    const one = scripted([honest])
    await read(one)
    expect(one.calls).toEqual([
      { endpoint: 'endpoint:1', method: 'getGenesisHash', milliseconds: 0, outcome: 'ok' },
      { endpoint: 'endpoint:1', method: 'getMultipleAccounts', milliseconds: 0, outcome: 'ok' },
    ])
  })
})

describe('clusters', () => {
  const other = cluster.endpoint({ getGenesisHash: () => 'another cluster' })

  it('that are not the one asked for are refused', async () => {
    await expect(read(scripted([other], { genesis: 'the cluster' }))).rejects.toMatchObject({
      code: 'rpc/wrong-cluster',
    })
  })

  it('are not mixed', async () => {
    await expect(read(scripted([honest, other]))).rejects.toMatchObject({ code: 'rpc/wrong-cluster' })
  })
})

describe('options', () => {
  it.each([
    [[], {}],
    [['ftp://x'], {}],
    [['nonsense'], {}],
    [['http://x'], { agree: 2 }],
    [['http://x'], { agree: 0 }],
  ])('that make no sense are refused: %s %o', async (endpoints, options) => {
    expect(() => scripted([], { endpoints, ...options })).toThrow(
      expect.objectContaining({ code: 'option/invalid' }),
    )
  })
})
