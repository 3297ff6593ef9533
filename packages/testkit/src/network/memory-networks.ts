// Several networks in one process, joined in memory: what one asks, tells or publishes reaches the others through the
// same port and in the same bytes, in an order that follows from the order of calls. Time does not pass: deadlines
// are over when a test says so.
import { MemoryNetwork } from './memory-network.ts'
import { Wires } from './wires.ts'

export class MemoryNetworks {
  readonly #wires = new Wires<MemoryNetwork>()

  /** One more network, not started. Whoever is started is connected to all that are, but where `cut` parted them. */
  join(key: Uint8Array): MemoryNetwork {
    const network = new MemoryNetwork(key, this.#wires)
    this.#wires.join(network)
    return network
  }

  /** Nothing passes between these two until `heal`. What is under way arrives. */
  cut(a: Uint8Array, b: Uint8Array): void {
    this.#wires.cut(a, b)
  }

  heal(a: Uint8Array, b: Uint8Array): void {
    this.#wires.heal(a, b)
  }

  /** The deadline of all that waits: of questions without an answer, of messages without a listener. */
  runOutOfTime(): void {
    this.#wires.runOutOfTime()
  }
}
