// Subscriptions, message by message, on both WebSocket ports.
import { once } from 'node:events'
import { SystemProgram } from '@solana/web3.js'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { FINALIZED_AFTER, type Localnet } from '../src/index.ts'
import { ask, byHand, fundedKey, key, pay, send, signed } from './support.ts'

interface Message {
  readonly id?: unknown
  readonly method?: string
  // biome-ignore lint/suspicious/noExplicitAny: messages are looked at field by field
  readonly result?: any
  readonly error?: { readonly code: number }
  readonly params?: { readonly result: unknown; readonly subscription: number }
}

class Listener {
  readonly #messages: Message[] = []
  readonly #waiting: ((message: Message) => void)[] = []
  readonly #ws: WebSocket

  private constructor(ws: WebSocket) {
    this.#ws = ws
    ws.on('message', (data) => {
      const message = JSON.parse(String(data))
      const next = this.#waiting.shift()
      if (next === undefined) this.#messages.push(message)
      else next(message)
    })
  }

  static async open(url: string): Promise<Listener> {
    const listener = new Listener(new WebSocket(url))
    await once(listener.#ws, 'open')
    return listener
  }

  next(): Promise<Message> {
    const message = this.#messages.shift()
    if (message !== undefined) return Promise.resolve(message)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  async ask(method: string, ...params: unknown[]): Promise<Message> {
    this.#ws.send(JSON.stringify({ jsonrpc: '2.0', id: method, method, params }))
    return this.next()
  }
}

async function payReceiver(localnet: Localnet, lamports: number): Promise<string> {
  const payer = fundedKey(localnet)
  return (await send(localnet, await signed(localnet, payer, pay(payer, 'receiver', lamports)))).result
}

test('slots and roots, on the port and on the next', async () => {
  const localnet = await byHand()
  const next = new URL(localnet.wsUrl)
  next.port = String(Number(next.port) + 1)
  for (const url of [localnet.wsUrl, next.href]) {
    const listener = await Listener.open(url)
    const { result: subscription } = await listener.ask('slotSubscribe')
    const slot = await localnet.tick()
    expect(await listener.next()).toStrictEqual({
      jsonrpc: '2.0',
      method: 'slotNotification',
      params: { result: { slot, parent: slot - 1, root: expect.any(Number) }, subscription },
    })
    expect(await listener.ask('slotUnsubscribe', subscription)).toMatchObject({ result: true })
    expect(await listener.ask('slotUnsubscribe', subscription)).toMatchObject({ error: { code: -32602 } })
  }
})

test('a signature at every commitment: once, and at once when it is there already', async () => {
  const localnet = await byHand()
  await localnet.tick(5)
  const signature = await payReceiver(localnet, 1e9)
  const { slot } = localnet
  const listener = await Listener.open(localnet.wsUrl)
  const told = (subscription: number, value: unknown = { err: null }) => ({
    jsonrpc: '2.0',
    method: 'signatureNotification',
    params: { result: { context: { slot }, value }, subscription },
  })
  const { result: processed } = await listener.ask('signatureSubscribe', signature, {
    commitment: 'processed',
  })
  expect(await listener.next()).toStrictEqual(told(processed))
  const { result: confirmed } = await listener.ask('signatureSubscribe', signature, {
    commitment: 'confirmed',
  })
  const { result: final } = await listener.ask('signatureSubscribe', signature, {
    enableReceivedNotification: true,
  })
  expect(await listener.next()).toStrictEqual(told(final, 'receivedSignature'))
  await localnet.tick()
  expect(await listener.next()).toStrictEqual(told(confirmed))
  await localnet.tick(FINALIZED_AFTER - 1)
  expect(await listener.next()).toStrictEqual(told(final))
  for (const gone of [processed, confirmed, final]) {
    expect(await listener.ask('signatureUnsubscribe', gone)).toMatchObject({ error: { code: -32602 } })
  }
})

test('an account as of the slot that each commitment has reached', async () => {
  const localnet = await byHand()
  await localnet.tick(5)
  const listener = await Listener.open(localnet.wsUrl)
  const receiver = key('receiver').publicKey.toBase58()
  const config = { encoding: 'base64', commitment: 'confirmed' }
  const { result: subscription } = await listener.ask('accountSubscribe', receiver, config)
  await payReceiver(localnet, 1e9)
  await payReceiver(localnet, 2e9)
  const { slot } = localnet
  await localnet.tick()
  const told = (context: number, lamports: number) => ({
    jsonrpc: '2.0',
    method: 'accountNotification',
    params: {
      subscription,
      result: {
        context: { slot: context },
        value: expect.objectContaining({ lamports, data: ['', 'base64'] }),
      },
    },
  })
  // Two payments in a slot are one change of it.
  expect(await listener.next()).toEqual(told(slot, 3e9))
  await payReceiver(localnet, 4e9)
  await localnet.tick()
  expect(await listener.next()).toEqual(told(slot + 1, 7e9))
})

test('logs of all, and of one address', async () => {
  const localnet = await byHand()
  const listener = await Listener.open(localnet.wsUrl)
  const { result: all } = await listener.ask('logsSubscribe', 'all', { commitment: 'processed' })
  const elsewhere = { mentions: [key('elsewhere').publicKey.toBase58()] }
  await listener.ask('logsSubscribe', elsewhere, { commitment: 'processed' })
  const signature = await payReceiver(localnet, 1e9)
  expect(await listener.next()).toMatchObject({
    method: 'logsNotification',
    params: {
      subscription: all,
      result: { context: { slot: localnet.slot }, value: { signature, err: null } },
    },
  })
  const two = { mentions: [localnet.fundedAddress, localnet.fundedAddress] }
  expect(await listener.ask('logsSubscribe', two)).toMatchObject({ error: { code: -32602 } })
})

test('the accounts of a program that pass the filters', async () => {
  const localnet = await byHand()
  const listener = await Listener.open(localnet.wsUrl)
  const system = SystemProgram.programId.toBase58()
  const config = { encoding: 'base64', commitment: 'processed', filters: [{ dataSize: 0 }] }
  const { result: subscription } = await listener.ask('programSubscribe', system, config)
  await payReceiver(localnet, 1e9)
  const told = [await listener.next(), await listener.next()].map(({ params }) => params)
  expect(told).toMatchObject([
    { subscription, result: { value: { pubkey: localnet.fundedAddress } } },
    {
      subscription,
      result: { value: { pubkey: key('receiver').publicKey.toBase58(), account: { lamports: 1e9 } } },
    },
  ])
})

test('what is no subscription, and too many of them', async () => {
  const localnet = await byHand()
  const listener = await Listener.open(localnet.wsUrl)
  expect(await listener.ask('getSlot')).toMatchObject({ error: { code: -32601 } })
  expect(await listener.ask('nothingUnsubscribe', 1)).toMatchObject({ error: { code: -32601 } })
  expect(await listener.ask('accountSubscribe', 'x')).toMatchObject({ error: { code: -32602 } })
  for (let i = 0; i < 1_000; i += 1) await listener.ask('slotSubscribe')
  expect(await listener.ask('slotSubscribe')).toMatchObject({ error: { code: -32603 } })
})

test('no more connections than there is room for', async () => {
  const localnet = await byHand()
  for (let i = 0; i < 256; i += 1) await Listener.open(localnet.wsUrl)
  await expect(Listener.open(localnet.wsUrl)).rejects.toThrow('503')
  expect((await ask(localnet, 'getHealth')).result).toBe('ok')
})
