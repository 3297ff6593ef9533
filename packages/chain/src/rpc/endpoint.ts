// One endpoint: checked once to be of the right cluster, measured at every call.
import { ChainError } from '../errors.ts'
import type { RpcPorts } from '../ports.ts'
import { callOverHttp, hostOf } from './http.ts'
import { type Json, text } from './json.ts'

/** The cluster that all endpoints must be of: the one that was asked for, or else the first that answered. */
export interface ClusterIdentity {
  genesis: string | undefined
}

export interface EndpointOptions {
  readonly url: string
  readonly timeoutMs: number
  readonly cluster: ClusterIdentity
  readonly stopped: AbortSignal
}

export class Endpoint {
  readonly url: string
  /** Calls in a row that failed: the less reliable is asked later. */
  failures = 0
  readonly #options: EndpointOptions
  readonly #ports: RpcPorts
  #calls = 0
  #checked: Promise<void> | undefined

  constructor(options: EndpointOptions, ports: RpcPorts) {
    this.url = options.url
    this.#options = options
    this.#ports = ports
  }

  async call(method: string, params: readonly Json[]): Promise<Json> {
    this.#checked ??= this.#check()
    try {
      await this.#checked
    } catch (error) {
      this.#checked = undefined
      throw error
    }
    return this.#measured(method, params)
  }

  async #check(): Promise<void> {
    const { cluster } = this.#options
    const genesis = text(await this.#measured('getGenesisHash', []))
    cluster.genesis ??= genesis
    if (cluster.genesis === genesis) return
    const message = `${hostOf(this.url)} belongs to the cluster ${genesis}, not to ${cluster.genesis}: check the URL`
    throw new ChainError('rpc/wrong-cluster', message, { url: hostOf(this.url), genesis })
  }

  async #measured(method: string, params: readonly Json[]): Promise<Json> {
    const { time, onCall } = this.#ports
    const { url, timeoutMs, stopped } = this.#options
    const began = time.now()
    const told = (outcome: string): void =>
      onCall?.({ endpoint: hostOf(url), method, milliseconds: time.now() - began, outcome })
    this.#calls += 1
    try {
      const result = await callOverHttp(this.#ports, { url, method, params, timeoutMs, stopped }, this.#calls)
      this.failures = 0
      told('ok')
      return result
    } catch (error) {
      const code = error instanceof ChainError ? error.code : 'rpc/unreachable'
      // An endpoint that refuses works.
      if (code !== 'rpc/refused') this.failures += 1
      told(code)
      throw error
    }
  }
}
