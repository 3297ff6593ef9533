// The chains of one epoch as they come in: every node's batches in order, each signed, each once, each on top of the
// one before. What costs little is looked at first, and a signature only of what could be new.
import { type HeldBatch, isSigned, readBatch } from './batch.ts'
import { equalBytes, toHex } from './bytes.ts'
import { ProtocolError, type ProtocolErrorCode } from './errors.ts'
import { ZERO_HASH } from './hash.ts'
import { CHAIN_BATCHES, WAITING_BATCHES } from './limits.ts'
import type { Verify } from './verify.ts'

export interface ChainsOptions {
  readonly networkId: Uint8Array
  readonly epoch: number
  readonly verify: Verify
  /** Whether this key may send batches at all. It bounds how many chains there are. */
  readonly isNode: (nodeKey: Uint8Array) => boolean
}

export interface Refusal {
  readonly status: 'refused'
  readonly code: ProtocolErrorCode
  readonly message: string
}

export type Added =
  /** The batch, and those that had waited for it. */
  | { readonly status: 'accepted'; readonly batches: readonly HeldBatch[] }
  | { readonly status: 'duplicate' }
  /** Signed, but ahead of its place: it is taken when those before it have come. */
  | { readonly status: 'waiting' }
  | Refusal
  /** Both signed, for one place: evidence. Nothing more is taken from this node. */
  | { readonly status: 'equivocation'; readonly batches: readonly [HeldBatch, HeldBatch] }

export interface NodeChain {
  readonly nodeKey: Uint8Array
  /** By seq, from 0. */
  readonly batches: readonly HeldBatch[]
  readonly equivocation: readonly [HeldBatch, HeldBatch] | undefined
}

interface Growing extends NodeChain {
  readonly batches: HeldBatch[]
  readonly waiting: Map<number, HeldBatch>
  equivocation: readonly [HeldBatch, HeldBatch] | undefined
}

/** At most CHAIN_BATCHES and WAITING_BATCHES for each key that `isNode` knows. */
export class Chains {
  readonly #options: ChainsOptions
  readonly #chains = new Map<string, Growing>()

  constructor(options: ChainsOptions) {
    this.#options = options
  }

  /** Takes a signed batch, and keeps the bytes it is given. */
  add(signed: Uint8Array): Added {
    let batch: HeldBatch
    try {
      batch = readBatch(signed)
    } catch (error) {
      if (error instanceof ProtocolError) return refused(error.code, error.message)
      throw error
    }
    return this.take(batch)
  }

  /** As `add`, of one that was read already. */
  take(batch: HeldBatch): Added {
    return this.#misplaced(batch) ?? this.#place(batch)
  }

  chainOf(nodeKey: Uint8Array): NodeChain | undefined {
    return this.#chains.get(toHex(nodeKey))
  }

  head(nodeKey: Uint8Array): HeldBatch | undefined {
    return this.chainOf(nodeKey)?.batches.at(-1)
  }

  /** In the order in which their nodes were first heard. */
  all(): Iterable<NodeChain> {
    return this.#chains.values()
  }

  #misplaced({ networkId, epoch, nodeKey, seq }: HeldBatch): Refusal | undefined {
    const options = this.#options
    if (!equalBytes(networkId, options.networkId))
      return refused('batch/wrong-network', 'This batch is for another network: send it there.')
    if (epoch !== options.epoch)
      return refused(
        'batch/wrong-epoch',
        `This batch is of epoch ${epoch}, and here is epoch ${options.epoch}.`,
      )
    if (seq >= CHAIN_BATCHES)
      return refused(
        'batch/invalid',
        `An epoch has at most ${CHAIN_BATCHES} batches: put more rows into each.`,
      )
    if (!options.isNode(nodeKey))
      return refused('batch/invalid', 'This batch is of a node that is not enrolled: enrol it first.')
    return undefined
  }

  #place(batch: HeldBatch): Added {
    const name = toHex(batch.nodeKey)
    const known = this.#chains.get(name)
    if (known?.equivocation !== undefined)
      return refused(
        'batch/equivocation',
        'This node signed two different batches for one place: it has failed.',
      )
    const length = known?.batches.length ?? 0
    if (batch.seq > length + WAITING_BATCHES)
      return refused('batch/broken-chain', `This batch is too far ahead: send those from ${length} on first.`)
    const other = known?.batches[batch.seq] ?? known?.waiting.get(batch.seq)
    if (other !== undefined && equalBytes(other.hash, batch.hash)) return { status: 'duplicate' }
    if (!isSigned(batch, this.#options.verify))
      return refused('signature/invalid', 'This batch is not signed by the node that it names: drop it.')
    const chain = known ?? this.#start(name, batch.nodeKey)
    if (other === undefined) return extend(chain, batch)
    chain.equivocation = [other, batch]
    return { status: 'equivocation', batches: chain.equivocation }
  }

  #start(name: string, nodeKey: Uint8Array): Growing {
    const chain: Growing = { nodeKey, batches: [], waiting: new Map(), equivocation: undefined }
    this.#chains.set(name, chain)
    return chain
  }
}

/** A signed batch for a place that is free. */
function extend(chain: Growing, batch: HeldBatch): Added {
  if (batch.seq > chain.batches.length) {
    chain.waiting.set(batch.seq, batch)
    return { status: 'waiting' }
  }
  if (!follows(chain, batch))
    return refused(
      'batch/broken-chain',
      `This batch does not follow number ${batch.seq - 1} as it came here.`,
    )
  const before = chain.batches.length
  chain.batches.push(batch)
  takeWaiting(chain)
  return { status: 'accepted', batches: chain.batches.slice(before) }
}

/** One that waited for another batch than the one that came is dropped: if that other one exists, it shows a fork. */
function takeWaiting(chain: Growing): void {
  for (;;) {
    const next = chain.waiting.get(chain.batches.length)
    if (next === undefined) return
    chain.waiting.delete(next.seq)
    if (!follows(chain, next)) return
    chain.batches.push(next)
  }
}

function follows({ batches }: Growing, { prev }: HeldBatch): boolean {
  return equalBytes(prev, batches.at(-1)?.hash ?? ZERO_HASH)
}

function refused(code: ProtocolErrorCode, message: string): Refusal {
  return { status: 'refused', code, message }
}
