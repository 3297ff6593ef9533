// One WebSocket connection: its subscriptions, and its messages in order, each after what it tells is on disk.
import type { WebSocket } from 'ws'
import { z } from 'zod'
import type { ChainListener } from '../chain/chain.ts'
import type { Landed } from '../chain/history.ts'
import { stringify } from '../json.ts'
import type { Address } from '../vm/address.ts'
import type { Backend } from './backend.ts'
import { dispatch, methodNotFound } from './dispatch.ts'
import { INTERNAL_ERROR, invalidParams, RpcError } from './errors.ts'
import { checked, count } from './params.ts'
import { type Notice, type Reached, type Subscription, subscriptions } from './subscriptions.ts'

/** What one client may follow at once. */
const MAX_SUBSCRIPTIONS = 1_000

/** A client that doesn't read what it asked for is let go before it fills our memory. */
const MAX_UNSENT_BYTES = 8_000_000

export interface SocketNeeds {
  readonly backend: Backend
  readonly durable: () => Promise<void>
  /** Numbers that no other connection uses, as on the real cluster. */
  readonly nextId: () => number
}

export class Socket {
  readonly #ws: WebSocket
  readonly #needs: SocketNeeds
  readonly #subscriptions = new Map<number, Subscription>()
  #sending: Promise<void> = Promise.resolve()

  constructor(ws: WebSocket, needs: SocketNeeds) {
    this.#ws = ws
    this.#needs = needs
    const unlisten = needs.backend.chain.listen(this.#listener())
    ws.on('message', (data) => this.#receive(String(data)))
    ws.on('close', unlisten)
    // A broken connection also closes; there is nobody to tell.
    ws.on('error', () => ws.terminate())
  }

  #receive(text: string): void {
    const begun: [number, Subscription][] = []
    const answer = dispatch(text, (method, params) => this.#call(method, params, begun))
    if (answer !== undefined) this.#send(answer)
    for (const [id, subscription] of begun) this.#notify(id, subscription, subscription.begin?.() ?? [])
  }

  #call(method: string, params: unknown, begun: [number, Subscription][]): unknown {
    if (method.endsWith('Unsubscribe')) return this.#unsubscribe(method, params)
    const subscribe = Object.hasOwn(subscriptions, method) ? subscriptions[method] : undefined
    if (subscribe === undefined) throw methodNotFound()
    if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS) {
      throw new RpcError(INTERNAL_ERROR, `Too many subscriptions on one connection; max ${MAX_SUBSCRIPTIONS}`)
    }
    const subscription = subscribe(this.#needs.backend, params)
    const id = this.#needs.nextId()
    this.#subscriptions.set(id, subscription)
    begun.push([id, subscription])
    return id
  }

  #unsubscribe(method: string, params: unknown): boolean {
    if (!Object.hasOwn(subscriptions, method.replace(/Unsubscribe$/, 'Subscribe'))) throw methodNotFound()
    const [id] = checked(z.tuple([count]), params)
    if (this.#subscriptions.delete(id)) return true
    throw invalidParams('Invalid subscription id.')
  }

  #listener(): ChainListener {
    const { chain } = this.#needs.backend
    const inSlot = (commitment: Reached['commitment']) => (slot: number) =>
      this.#reached({ commitment, slot, landed: chain.history.inSlot(slot), changed: chain.changedIn(slot) })
    return {
      landed: (landed: Landed, changed: readonly Address[]) =>
        this.#reached({ commitment: 'processed', slot: landed.slot, landed: [landed], changed }),
      opened: (opened) => {
        const { slot, confirmed, finalized } = opened
        for (const [id, one] of this.#subscriptions) this.#notify(id, one, one.opened?.(opened) ?? [])
        this.#reached({ commitment: 'processed', slot, landed: [], changed: chain.changedIn(slot) })
        confirmed.forEach(inSlot('confirmed'))
        finalized.forEach(inSlot('finalized'))
      },
    }
  }

  #reached(reached: Reached): void {
    for (const [id, one] of this.#subscriptions) this.#notify(id, one, one.reached?.(reached) ?? [])
  }

  #notify(id: number, subscription: Subscription, notices: readonly Notice[]): void {
    for (const { result, last } of notices) {
      this.#send(
        stringify({ jsonrpc: '2.0', method: subscription.method, params: { result, subscription: id } }),
      )
      if (last) this.#subscriptions.delete(id)
    }
  }

  #send(text: string): void {
    this.#sending = Promise.all([this.#sending, this.#needs.durable()]).then(
      () => {
        if (this.#ws.bufferedAmount > MAX_UNSENT_BYTES) this.#ws.terminate()
        else this.#ws.send(text)
      },
      () => this.#ws.terminate(),
    )
  }
}
