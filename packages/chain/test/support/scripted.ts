// Endpoints that answer what a test tells them to, without a network: honest ones of one cluster, until told otherwise.
import { Buffer } from 'node:buffer'
import {
  type Address,
  addressOf,
  type OpenSocket,
  type RawAccount,
  type RpcCall,
  type RpcChain,
  type RpcOptions,
  type RpcPorts,
  rpcChain,
  type Socket,
} from '../../src/index.ts'
import { HandTime } from './hand-time.ts'

export type Params = readonly unknown[]
/** A result; or a Response, to answer with something else than a result. */
export type Answer = (params: Params) => unknown
export type Script = Readonly<Record<string, Answer>>

/** JSON-RPC's answer for an error. */
export class Refusal {
  readonly code: number
  readonly message: string
  readonly data: unknown

  constructor(code: number, message: string, data?: unknown) {
    this.code = code
    this.message = message
    this.data = data
  }
}

/** It takes the call, and nothing ever comes back. */
export const hang: Answer = () => new Promise(() => {})
export const dead: Answer = () => {
  throw new TypeError('fetch failed')
}

export interface Status {
  readonly slot: number
  readonly confirmationStatus: string
  readonly err: unknown
}

/** What honest endpoints tell. Slots and blocks pass only when a test says so. */
export class Cluster {
  slot = 1_000
  readonly accounts: Map<Address, RawAccount> = new Map()
  readonly statuses: Map<string, Status> = new Map()
  /** What happens to a transaction that was passed on. */
  onSend: (signature: string) => void = () => {}

  readonly #honest: Script = {
    getGenesisHash: () => 'the cluster',
    getSlot: (params) => this.slotAt(params[0]),
    getBlockHeight: (params) => this.slotAt(params[0]) - 100,
    getMultipleAccounts: ([addresses, config]) =>
      this.inContext(
        config,
        (addresses as Address[]).map((one) => accountJson(this.accounts.get(one))),
      ),
    getProgramAccounts: ([, config]) =>
      this.inContext(
        config,
        [...this.accounts].map(([pubkey, one]) => ({ pubkey, account: accountJson(one) })),
      ),
    getLatestBlockhash: ([config]) => this.inContext(config, { blockhash: blockhashAt(this.slot) }),
    isBlockhashValid: ([blockhash, config]) => this.inContext(config, this.isValid(String(blockhash))),
    getSignatureStatuses: ([signatures, config]) =>
      this.inContext(
        config,
        (signatures as string[]).map((one) => this.statuses.get(one) ?? null),
      ),
    sendTransaction: ([wire]) => {
      const signature = signatureOf(String(wire))
      this.onSend(signature)
      return signature
    },
    getTransaction: () => null,
  }

  slotAt(config: unknown): number {
    return (config as { commitment?: string })?.commitment === 'finalized' ? this.slot - 32 : this.slot
  }

  inContext(config: unknown, value: unknown): unknown {
    const slot = this.slotAt(config)
    const least = (config as { minContextSlot?: number })?.minContextSlot ?? 0
    if (slot < least) return new Refusal(-32016, 'Minimum context slot has not been reached')
    return { context: { slot }, value }
  }

  isValid(blockhash: string): boolean {
    const ages = Array.from({ length: 151 }, (_, age) => blockhashAt(this.slot - age))
    return ages.includes(blockhash as Address)
  }

  endpoint(changed: Script = {}): Script {
    return { ...this.#honest, ...changed }
  }
}

export function blockhashAt(slot: number): Address {
  const bytes = new Uint8Array(32).fill(1)
  new DataView(bytes.buffer).setUint32(0, slot)
  return addressOf(bytes)
}

/** The first signature of a transaction in base64, in words that a test can compare. */
export function signatureOf(wire: string): string {
  return Buffer.from(wire, 'base64').subarray(1, 65).toString('hex')
}

export function accountJson(account: RawAccount | undefined): unknown {
  if (account === undefined) return null
  const { owner, lamports, data } = account
  const encoded = [Buffer.from(data).toString('base64'), 'base64']
  return {
    owner,
    lamports: Number(lamports),
    data: encoded,
    executable: false,
    rentEpoch: 2 ** 64,
    space: data.length,
  }
}

export const programId: Address = addressOf(new Uint8Array(32).fill(11))
export const network: Address = addressOf(new Uint8Array(32).fill(12))

export interface Scripted {
  readonly chain: RpcChain
  readonly time: HandTime
  readonly calls: RpcCall[]
  readonly sockets: FakeSocket[]
}

export function scripted(endpoints: readonly Script[], options: Partial<RpcOptions> = {}): Scripted {
  const time = new HandTime()
  const calls: RpcCall[] = []
  const sockets: FakeSocket[] = []
  const openSocket: OpenSocket = (url) => {
    const socket = new FakeSocket(url)
    sockets.push(socket)
    return socket
  }
  const ports: RpcPorts = {
    time,
    random: () => 0.5,
    fetch: (url, init) => answered(endpoints[Number(new URL(url).port) - 1], init),
    openSocket,
    onCall: (call) => calls.push(call),
  }
  const urls = endpoints.map((_, place) => `http://endpoint:${place + 1}/?key=secret`)
  const chain = rpcChain({ programId, network, endpoints: urls, slotPollMs: 1_000_000, ...options }, ports)
  return { chain, time, calls, sockets }
}

async function answered(script: Script | undefined, init: RequestInit): Promise<Response> {
  const { id, method, params } = JSON.parse(String(init.body))
  const result = await script?.[method]?.(params)
  if (result instanceof Response) return result
  if (result instanceof Refusal) return Response.json({ jsonrpc: '2.0', id, error: { ...result } })
  return Response.json({ jsonrpc: '2.0', id, result })
}

type Listener = (event: { readonly data: unknown }) => void

/** A WebSocket in a test's hands. */
export class FakeSocket implements Socket {
  readonly url: string
  readonly sent: { readonly id: number; readonly method: string; readonly params: unknown }[] = []
  closed = false
  readonly #listeners = new Map<string, Listener[]>()

  constructor(url: string) {
    this.url = url
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    this.tell('close')
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener])
  }

  tell(type: string, data?: unknown): void {
    for (const listener of this.#listeners.get(type) ?? []) listener({ data })
  }

  message(value: unknown): void {
    this.tell('message', typeof value === 'string' ? value : JSON.stringify(value))
  }
}
