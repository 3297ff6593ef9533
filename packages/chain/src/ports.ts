// What the client takes from outside: time, chance, the network, and who counts its calls.

export interface Time {
  /** Milliseconds of a clock that never goes back. */
  now(): number
  /** Ends after so long, or as soon as the signal is aborted. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** At least 0, less than 1. */
export type Random = () => number

/** What is asked for over HTTP, as the platform's `fetch` takes it. */
export interface HttpRequest {
  readonly method: 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly redirect: 'error'
  readonly signal: AbortSignal
}

/** What is needed of an answer: the platform's `Response` is one. */
export interface HttpResponse {
  readonly status: number
  readonly body: AsyncIterable<Uint8Array> | null
}

export type Fetch = (url: string, request: HttpRequest) => Promise<HttpResponse>

/** What is needed of a WebSocket. */
export interface Socket {
  send(text: string): void
  close(): void
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
}

export type OpenSocket = (url: string) => Socket

/** One call to one endpoint. */
export interface RpcCall {
  readonly endpoint: string
  readonly method: string
  readonly milliseconds: number
  /** 'ok', or the code of the error. */
  readonly outcome: string
}

export interface RpcPorts {
  readonly time: Time
  readonly random: Random
  readonly fetch: Fetch
  readonly openSocket: OpenSocket
  /** For the metrics. */
  readonly onCall?: (call: RpcCall) => void
}
