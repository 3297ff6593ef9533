import { describe, expect, it } from 'vitest'
import { type AsOf, type Chain, followNetwork, type NetworkState } from '../src/index.ts'
import { startedInMemory } from './support/in-memory.ts'

/** What was handed on, one wait for each state. */
class Listener {
  readonly slots: number[] = []
  readonly errors: unknown[] = []
  #told: () => void = () => {}

  readonly heard = (state: AsOf<NetworkState>): void => {
    this.slots.push(state.slot)
    this.#told()
  }

  readonly failed = (error: unknown): void => {
    this.errors.push(error)
    this.#told()
  }

  /** Until so much was heard, states and errors together. */
  async until(count: number): Promise<void> {
    while (this.slots.length + this.errors.length < count) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#told = resolve
      await promise
    }
  }
}

/** The chain, but for one method of its. */
function changed(chain: Chain, accounts: Chain['accounts']): Chain {
  const { at, clock } = chain
  return {
    at,
    clock,
    accounts,
    search: chain.search.bind(chain),
    transaction: chain.transaction.bind(chain),
    rent: chain.rent.bind(chain),
    send: chain.send.bind(chain),
    onSlot: chain.onSlot.bind(chain),
    onAccount: chain.onAccount.bind(chain),
  }
}

describe('whoever follows a network', () => {
  it('is told at once, and again with every slot', async () => {
    const chain = await startedInMemory()
    const listener = new Listener()
    const stop = followNetwork(chain, { onState: listener.heard, onError: listener.failed })
    await listener.until(1)
    const first = listener.slots[0] ?? 0
    chain.tick()
    await listener.until(2)
    chain.tick()
    await listener.until(3)
    expect(listener.slots).toEqual([first, first + 1, first + 2])
    stop()
  })

  it('is told once in every few slots where that is enough', async () => {
    const chain = await startedInMemory()
    const listener = new Listener()
    const everySlots = ({ value }: AsOf<NetworkState>): number => value.network.params.length / 10
    const stop = followNetwork(chain, { everySlots, onState: listener.heard, onError: listener.failed })
    await listener.until(1)
    const first = listener.slots[0] ?? 0
    chain.tick()
    await listener.until(2)
    chain.tick()
    chain.tick()
    chain.tick()
    await listener.until(3)
    expect(listener.slots).toEqual([first, first + 1, first + 4])
    stop()
  })

  it('is told of the newest state alone when it was slow, and never of two at once', async () => {
    const chain = await startedInMemory()
    const listener = new Listener()
    const slow = Promise.withResolvers<void>()
    let together = 0
    let most = 0
    const onState = async (state: AsOf<NetworkState>): Promise<void> => {
      together++
      most = Math.max(most, together)
      listener.heard(state)
      if (listener.slots.length === 1) await slow.promise
      together--
    }
    const stop = followNetwork(chain, { onState, onError: listener.failed })
    await listener.until(1)
    const first = listener.slots[0] ?? 0
    chain.tick(5)
    slow.resolve()
    await listener.until(2)
    chain.tick()
    await listener.until(3)
    expect(listener.slots).toEqual([first, first + 5, first + 6])
    expect(most).toBe(1)
    stop()
  })

  it('reads once at a time, however fast slots pass', async () => {
    const chain = await startedInMemory()
    const listener = new Listener()
    const gate = Promise.withResolvers<void>()
    let readings = 0
    const slow = changed(chain, async (addresses, commitment) => {
      readings++
      if (readings === 1) await gate.promise
      return chain.accounts(addresses, commitment)
    })
    const stop = followNetwork(slow, { onState: listener.heard, onError: listener.failed })
    chain.tick(4)
    expect(readings).toBe(1)
    gate.resolve()
    await listener.until(2)
    expect(readings).toBe(2)
    expect(new Set(listener.slots).size).toBe(1)
    stop()
  })

  it('is told what went wrong, and goes on with the next slot', async () => {
    const chain = await startedInMemory()
    const listener = new Listener()
    const broken = new Error('nothing could be read')
    let reading = 0
    const failing = changed(chain, (addresses, commitment) =>
      ++reading === 1 ? Promise.reject(broken) : chain.accounts(addresses, commitment),
    )
    const stop = followNetwork(failing, { onState: listener.heard, onError: listener.failed })
    await listener.until(1)
    expect(listener.errors).toEqual([broken])
    chain.tick()
    await listener.until(2)
    expect(listener.slots).toHaveLength(1)
    stop()
  })

  it('is told of errors of its own, and goes on as well', async () => {
    const chain = await startedInMemory()
    const listener = new Listener()
    const own = new Error('it did not like the state')
    let states = 0
    const onState = (state: AsOf<NetworkState>): void => {
      if (++states === 1) throw own
      listener.heard(state)
    }
    const stop = followNetwork(chain, { onState, onError: listener.failed })
    await listener.until(1)
    expect(listener.errors).toEqual([own])
    chain.tick()
    await listener.until(2)
    expect(listener.slots).toHaveLength(1)
    stop()
  })

  it('hears nothing more once it has stopped, not even of what was being read', async () => {
    const chain = await startedInMemory()
    const [stopped, other] = [new Listener(), new Listener()]
    const stop = followNetwork(chain, { onState: stopped.heard, onError: stopped.failed })
    stop()
    const stopOther = followNetwork(chain, { onState: other.heard, onError: other.failed })
    await other.until(1)
    chain.tick()
    await other.until(2)
    expect(stopped).toMatchObject({ slots: [], errors: [] })
    stopOther()
  })

  it('reads at the commitment it asks for', async () => {
    const chain = await startedInMemory()
    const [final, confirmed] = [new Listener(), new Listener()]
    const stops = [
      followNetwork(chain, { commitment: 'finalized', onState: final.heard, onError: final.failed }),
      followNetwork(chain, { onState: confirmed.heard, onError: confirmed.failed }),
    ]
    await Promise.all([final.until(1), confirmed.until(1)])
    expect(final.slots[0]).toBeLessThan(confirmed.slots[0] ?? 0)
    for (const stop of stops) stop()
  })
})
