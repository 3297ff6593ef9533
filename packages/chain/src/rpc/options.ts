// How the client is set up: what a person gives, and what stands in for what they don't.
import type { Address } from '../address.ts'
import { ChainError } from '../errors.ts'

/** A real cluster's slot; the local chain's too. */
export const SLOT_MS = 400
/** Half of it: a cluster that is faster than that is another one than this client knows. */
const FASTEST_SLOT_MS = 200
/** A healthy endpoint answers in well under a second. */
const TIMEOUT_MS = 8_000
/** A blockhash lives for a minute and a half; two of them, and some time to hear of it. */
const SEND_MS = 200_000
/** The cluster is asked that often what slot it is, when nothing else was asked for that long. */
const SLOT_POLL_MS = 2_000

export interface RpcEndpoint {
  readonly url: string
  /** ws:// or wss://. Left out: as Solana's own clients do it, the next port where the URL names one. */
  readonly wsUrl?: string
}

export interface RpcOptions {
  readonly programId: Address
  readonly network: Address
  /** The first is asked first; the others when it fails, or when several have to agree. */
  readonly endpoints: readonly (string | RpcEndpoint)[]
  /** How many endpoints must say the same of what is acted on. Left out: more than half of them. */
  readonly agree?: number
  /** The cluster's genesis hash. Left out: that of the endpoint that answers first. */
  readonly genesis?: string
  readonly slotMs?: number
  /** 0 where slots are moved by hand. */
  readonly fastestSlotMs?: number
  readonly timeoutMs?: number
  readonly sendMs?: number
  readonly slotPollMs?: number
}

export interface RpcSettings {
  readonly programId: Address
  readonly network: Address
  readonly endpoints: readonly Required<RpcEndpoint>[]
  readonly agree: number
  readonly genesis: string | undefined
  readonly slotMs: number
  readonly fastestSlotMs: number
  readonly timeoutMs: number
  readonly sendMs: number
  readonly slotPollMs: number
}

export function settingsOf(options: RpcOptions): RpcSettings {
  const endpoints = options.endpoints.map((one) => endpointOf(typeof one === 'string' ? { url: one } : one))
  if (endpoints.length === 0) throw invalid('no RPC endpoint is given: name at least one URL')
  const agree = options.agree ?? Math.floor(endpoints.length / 2) + 1
  if (!Number.isInteger(agree) || agree < 1 || agree > endpoints.length) {
    throw invalid(`${agree} of ${endpoints.length} endpoints can't agree`)
  }
  return {
    programId: options.programId,
    network: options.network,
    endpoints,
    agree,
    genesis: options.genesis,
    slotMs: options.slotMs ?? SLOT_MS,
    fastestSlotMs: options.fastestSlotMs ?? FASTEST_SLOT_MS,
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    sendMs: options.sendMs ?? SEND_MS,
    slotPollMs: options.slotPollMs ?? SLOT_POLL_MS,
  }
}

function endpointOf({ url, wsUrl }: RpcEndpoint): Required<RpcEndpoint> {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw invalid(`an RPC endpoint's URL begins with http:// or https://`)
  }
  return { url, wsUrl: wsUrl ?? socketUrlOf(new URL(url)) }
}

function socketUrlOf(url: URL): string {
  const socket = new URL(url)
  socket.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  if (url.port !== '') socket.port = String(Number(url.port) + 1)
  return socket.href
}

function invalid(why: string): ChainError {
  return new ChainError('option/invalid', `The chain can't be used: ${why}`)
}
