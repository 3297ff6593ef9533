// An endpoint that passes calls on to the truth and changes what comes back, and counts how often it did.
import type { Fetch, OpenSocket, Socket } from '@piecework/chain'
import type { World } from './worlds.ts'

export const LIAR_URL = 'http://liar.invalid:8899/'
export const LIAR_WS_URL = 'ws://liar.invalid:8900/'

export type Json = unknown

export interface Told {
  readonly method: string
  readonly params: readonly Json[]
  /** What the truth answers, its own copy. */
  readonly result: Json
  /** How often this method was called before. */
  readonly count: number
  readonly fork: World
  readonly truth: World
  /** At least 0, less than 1. */
  readonly random: () => number
}

/** What is told instead; undefined: the truth. */
export type Tell = (told: Told) => Json | Promise<Json>

export interface Lie {
  readonly name: string
  readonly tell: Tell
  /** It keeps transactions to itself. */
  readonly swallows?: boolean
}

export interface LiarPorts {
  readonly truth: World
  readonly fork: World
  readonly random: () => number
  readonly lied: () => void
}

/** Answers of the liar's URL; every other URL is asked as it is. */
export function lyingFetch(lie: Lie, ports: LiarPorts): Fetch {
  const counts = new Map<string, number>()
  return async (url, init) => {
    if (url !== LIAR_URL) return fetch(url, init)
    const { id, method, params } = JSON.parse(String(init.body))
    const count = counts.get(method) ?? 0
    counts.set(method, count + 1)
    const swallowed = method === 'sendTransaction' && lie.swallows === true
    const honest = swallowed ? { result: 'swallowed' } : await ports.truth.ask(method, params)
    const told = { ...ports, method, params, count, result: structuredClone(honest['result']) }
    const lied = 'error' in honest && method !== 'sendTransaction' ? undefined : await lie.tell(told)
    if (swallowed || lied !== undefined) ports.lied()
    if (lied instanceof Response) return lied
    if (lied instanceof Never) return new Promise(() => {})
    if (lied instanceof Refusal) return Response.json({ jsonrpc: '2.0', id, error: { ...lied } })
    return Response.json({ ...honest, jsonrpc: '2.0', id, ...(lied === undefined ? {} : { result: lied }) })
  }
}

/** No answer at all. */
export class Never {}

export class Refusal {
  readonly code = -32002
  readonly message = 'Transaction simulation failed'
  readonly data: Json

  constructor(err: Json) {
    this.data = { err, logs: [] }
  }
}

/** Notices come as often as a socket can be opened: that everything is confirmed, and every account another. */
export function lyingSocket(lied: () => void): OpenSocket {
  return (url) => (url === LIAR_WS_URL ? new ForgingSocket(lied) : new WebSocket(url))
}

class ForgingSocket implements Socket {
  readonly #listeners = new Map<string, ((event: { readonly data: unknown }) => void)[]>()
  readonly #lied: () => void

  constructor(lied: () => void) {
    this.#lied = lied
    queueMicrotask(() => this.#tell('open'))
  }

  send(text: string): void {
    const { id, method } = JSON.parse(text)
    if (!String(method).endsWith('Subscribe')) return
    queueMicrotask(() => {
      this.#tell('message', { jsonrpc: '2.0', id, result: id })
      const value = method === 'signatureSubscribe' ? { err: null } : { lamports: 7, data: ['', 'base64'] }
      this.#lied()
      this.#tell('message', { params: { subscription: id, result: { context: { slot: 1 }, value } } })
    })
  }

  close(): void {
    this.#tell('close')
  }

  addEventListener(type: string, listener: (event: { readonly data: unknown }) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener])
  }

  #tell(type: string, data?: unknown): void {
    for (const listener of this.#listeners.get(type) ?? []) listener({ data: JSON.stringify(data) })
  }
}
