// The epochs that are not settled yet, each with one record that all stages share.
import { Chains, type Verify } from '@piecework/protocol'
import type { EpochWork } from './epoch-work.ts'
import { KnownRoom } from './known-room.ts'
import type { Nodes } from './nodes.ts'

export interface EpochsPorts {
  readonly networkId: Uint8Array
  readonly nodes: Nodes
  readonly verify: Verify
}

export class Epochs {
  readonly #ports: EpochsPorts
  readonly #works = new Map<number, EpochWork>()

  constructor(ports: EpochsPorts) {
    this.#ports = ports
  }

  /** Undefined before `open` or `add`, and after `drop`. */
  get(number: number): EpochWork | undefined {
    return this.#works.get(number)
  }

  open(number: number): EpochWork {
    const known = this.#works.get(number)
    if (known !== undefined) return known
    const work = this.make(number)
    this.add(work)
    return work
  }

  /** Seen by nobody until it is added. */
  make(number: number): EpochWork {
    const { networkId, nodes, verify } = this.#ports
    const isNode = (nodeKey: Uint8Array): boolean => nodes.indexOf(nodeKey) !== undefined
    return {
      number,
      chains: new Chains({ networkId, epoch: number, verify, isNode }),
      batches: new Map(),
      unwritten: new Set(),
      unproven: new Map(),
      heads: new Map(),
      enrolments: new Map(),
      known: new Map(),
      opened: { names: new Set(), room: new KnownRoom() },
      closed: false,
      inventory: undefined,
      inventories: new Map(),
      draw: undefined,
      evidence: [],
      report: undefined,
      reveals: new Map(),
      others: new Map(),
      computed: new Map(),
    }
  }

  add(work: EpochWork): void {
    this.#works.set(work.number, work)
  }

  all(): readonly EpochWork[] {
    return [...this.#works.values()]
  }

  drop(number: number): void {
    this.#works.delete(number)
  }
}
