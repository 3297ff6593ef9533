// Notices over WebSocket that something has changed. They are hints to go and read: nobody acts on what they say, and
// who hears none for a while reads anyway. One socket at a time; when it closes, the next endpoint's is opened.
import type { OpenSocket, Random, Socket, Time } from '../ports.ts'
import type { Json } from './json.ts'

/** Before opening another socket: doubled for each that failed in a row, up to the second. */
const REOPEN_MS = 500
const REOPEN_MAX_MS = 30_000
/** A socket that says nothing is no socket: every endpoint answers a subscription within that. */
const OPENING_MS = 10_000

/** Endpoints allow about so many on one socket. Whoever comes later gets no notices, and looks now and then. */
const MAX_SUBSCRIPTIONS = 1_000

export interface NoticeOptions {
  readonly urls: readonly string[]
  readonly time: Time
  readonly random: Random
  readonly openSocket: OpenSocket
  readonly stopped: AbortSignal
}

interface Subscription {
  readonly method: string
  readonly params: readonly Json[]
  readonly listener: () => void
}

export class Notices {
  readonly #options: NoticeOptions
  /** By the id of the call that subscribed. */
  readonly #subscriptions = new Map<number, Subscription>()
  /** The endpoint's numbers, of the open socket. */
  readonly #numbers = new Map<number, number>()
  #socket: Socket | undefined
  #running: Promise<void> | undefined
  #calls = 0

  constructor(options: NoticeOptions) {
    this.#options = options
    options.stopped.addEventListener('abort', () => this.#socket?.close())
  }

  /** Whether notices can be expected. */
  get open(): boolean {
    return this.#numbers.size > 0
  }

  subscribe(subscription: Subscription): () => void {
    if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS) return () => {}
    this.#calls += 1
    const id = this.#calls
    this.#subscriptions.set(id, subscription)
    if (this.#socket === undefined) this.#running ??= this.#run()
    else this.#request(id, subscription)
    return () => this.#unsubscribe(id)
  }

  /** As long as anybody wants notices. */
  async #run(): Promise<void> {
    const { urls, time, random, stopped } = this.#options
    let failures = 0
    for (let turn = 0; this.#subscriptions.size > 0 && !stopped.aborted; turn++) {
      const heard = await this.#listen(urls[turn % urls.length] ?? '')
      failures = heard ? 0 : failures + 1
      if (this.#subscriptions.size === 0 || stopped.aborted) break
      await time.wait(Math.min(REOPEN_MAX_MS, REOPEN_MS * 2 ** failures) * (0.5 + random()), stopped)
    }
    this.#running = undefined
  }

  /** Until the socket closes: whether it was of any use. */
  #listen(url: string): Promise<boolean> {
    const { time, openSocket } = this.#options
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const closed = new AbortController()
    let socket: Socket
    try {
      socket = openSocket(url)
    } catch {
      // Not a URL of a WebSocket: the next endpoint may have one, and without any there is asking.
      return Promise.resolve(false)
    }
    const end = (): void => {
      const heard = this.#numbers.size > 0
      closed.abort()
      this.#socket = undefined
      this.#numbers.clear()
      resolve(heard)
    }
    socket.addEventListener('open', () => {
      this.#socket = socket
      for (const [id, subscription] of this.#subscriptions) this.#request(id, subscription)
    })
    socket.addEventListener('message', ({ data }) => this.#heard(data))
    socket.addEventListener('error', () => socket.close())
    socket.addEventListener('close', end)
    void time.wait(OPENING_MS, closed.signal).then(() => {
      if (closed.signal.aborted || this.#numbers.size > 0) return
      socket.close()
      end()
    })
    return promise
  }

  #request(id: number, { method, params }: Subscription): void {
    this.#socket?.send(JSON.stringify({ jsonrpc: '2.0', id, method: `${method}Subscribe`, params }))
  }

  #unsubscribe(id: number): void {
    const subscription = this.#subscriptions.get(id)
    this.#subscriptions.delete(id)
    if (this.#subscriptions.size === 0) this.#socket?.close()
    const number = [...this.#numbers].find(([, one]) => one === id)?.[0]
    if (subscription === undefined || number === undefined || this.#subscriptions.size === 0) return
    this.#numbers.delete(number)
    this.#calls += 1
    const method = `${subscription.method}Unsubscribe`
    this.#socket?.send(JSON.stringify({ jsonrpc: '2.0', id: this.#calls, method, params: [number] }))
  }

  #heard(data: unknown): void {
    const message = parsed(data)
    if (typeof message?.id === 'number' && typeof message.result === 'number') {
      if (this.#subscriptions.has(message.id)) this.#numbers.set(message.result, message.id)
      return
    }
    const id = this.#numbers.get(message?.params?.subscription ?? -1)
    if (id !== undefined) this.#subscriptions.get(id)?.listener()
  }
}

interface Message {
  readonly id?: unknown
  readonly result?: unknown
  readonly params?: { readonly subscription?: number }
}

/** What can't be read is no notice. */
function parsed(data: unknown): Message | undefined {
  try {
    const message: unknown = JSON.parse(String(data))
    return typeof message === 'object' && message !== null ? message : undefined
  } catch {
    return undefined
  }
}
