// What is promised of the disk: nothing is told before it is written, and nothing at all once it can't be.
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { newChain } from '../src/chain/begin.ts'
import { keyPairFromSeed } from '../src/keys.ts'
import { Journal } from '../src/ledger/journal.ts'
import { startServer } from '../src/rpc/server.ts'
import { newFolder } from './support.ts'

test('everything appended before is on disk when durable resolves, in order and in its file', async () => {
  const folder = await newFolder()
  const [first, second] = [join(folder, 'first'), join(folder, 'second')]
  const journal = new Journal(await open(first, 'a'))
  const waits: Promise<void>[] = []
  for (let i = 0; i < 50; i += 1) {
    if (i === 25) journal.switchFile(() => open(second, 'a'))
    journal.append(Buffer.from(`${i} `))
    waits.push(
      journal.durable().then(async () => {
        const text = (await readFile(first, 'utf8')) + (await readFile(second, 'utf8').catch(() => ''))
        expect(text).toContain(`${i} `)
      }),
    )
    if (i % 7 === 0) await journal.durable()
  }
  await Promise.all(waits)
  const numbers = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => `${from + i} `).join('')
  expect(await readFile(first, 'utf8')).toBe(numbers(0, 25))
  expect(await readFile(second, 'utf8')).toBe(numbers(25, 50))
  await journal.close()
})

test('on a full disk everything fails from then on', async () => {
  const journal = new Journal(await open('/dev/full', 'a'))
  await journal.durable()
  journal.append(Buffer.from('x'))
  const failed = { code: 'ledger/write-failed', message: expect.stringContaining('Free space') }
  await expect(journal.durable()).rejects.toMatchObject(failed)
  await expect(journal.durable()).rejects.toMatchObject(failed)
  journal.append(Buffer.from('y'))
  await expect(journal.durable()).rejects.toMatchObject(failed)
  await expect(journal.close()).rejects.toMatchObject(failed)
})

test('no answer leaves before its records are on disk, and none when they can not be', async () => {
  const { chain, genesisHash } = newChain({ genesis: new Uint8Array(32), time: 0, record: () => {} })
  chain.open(0)
  const faucet = keyPairFromSeed(new Uint8Array(32))
  const backend = { chain, faucet, genesisHash, identity: faucet.address }
  let written: () => void = () => {}
  let durable = new Promise<void>((resolve) => {
    written = resolve
  })
  const server = await startServer({ host: '127.0.0.1', port: 0, backend, durable: () => durable })
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'getHealth' })
  const order: string[] = []
  const answer = fetch(`http://127.0.0.1:${server.port}`, { method: 'POST', body }).then((response) => {
    order.push('answered')
    return response.json()
  })
  // Another request that needs no disk has been answered meanwhile, so this one had every chance.
  expect(await (await fetch(`http://127.0.0.1:${server.port}/health`)).text()).toBe('ok')
  order.push('written')
  written()
  expect(await answer).toMatchObject({ result: 'ok' })
  expect(order).toEqual(['written', 'answered'])

  durable = Promise.reject(new Error('disk full'))
  durable.catch(() => {})
  const refused = await fetch(`http://127.0.0.1:${server.port}`, { method: 'POST', body })
  expect(await refused.json()).toMatchObject({
    error: { code: -32603, message: 'Internal error: disk full' },
  })
  const ws = new WebSocket(`ws://127.0.0.1:${server.port}`)
  await once(ws, 'open')
  ws.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'slotSubscribe' }))
  await once(ws, 'close')
  await server.stop()
})
