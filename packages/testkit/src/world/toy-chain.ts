// A chain that is only numbers: jobs, stakes and seeds, and the facts that applyEpoch is told of them.
import {
  type Facts,
  h,
  i64le,
  type Job,
  type JobEvent,
  type KindRules,
  type Params,
  type SnapshotEntry,
  type State,
  stakeWeights,
  ZERO_HASH,
} from '@piecework/protocol'
import type { JobPlan } from './plans.ts'
import { TOY_KINDS } from './toy-work.ts'

/** Slots of one epoch on a chain whose phases take no time. */
const EPOCH_SLOTS = 1000

export interface ToyChainOptions {
  readonly networkId: Uint8Array
  readonly params: Params
  readonly kinds: readonly KindRules[]
  /** In the order of verifier ids. Read anew for each epoch: stakes may change, and verifiers join at the end. */
  readonly verifiers: readonly { readonly stake: bigint }[]
}

export class ToyChain {
  readonly #options: ToyChainOptions
  #created: Job[] = []
  #opened: JobEvent[] = []
  #closed: number[] = []
  #jobs = 0

  constructor(options: ToyChainOptions) {
    this.#options = options
  }

  /** Open from the epoch's start, or during it. */
  addJob(epoch: number, { opensDuringEpoch = false, ...plan }: JobPlan): number {
    const index = this.#jobs++
    this.#created.push({
      requester: h('pw/seed', this.#options.networkId, i64le(BigInt(-1 - index))),
      kind: TOY_KINDS.exact,
      rule: 'piece',
      price: 100n,
      capPrice: 0n,
      tasks: 1_000_000,
      replicas: 1,
      maxUnits: 1,
      leaseEpochs: 1,
      verifierBps: 1500,
      settleBps: 100,
      deposit: 1_000_000_000n,
      specHash: ZERO_HASH,
      allowRoot: ZERO_HASH,
      ...plan,
      index,
    })
    const slot = epoch * EPOCH_SLOTS + (opensDuringEpoch ? 1 : -1)
    this.#opened.push({ job: index, slot: Math.max(slot, 0) })
    return index
  }

  closeJob(index: number): void {
    this.#closed.push(index)
  }

  seed(epoch: number): Uint8Array {
    return h('pw/seed', this.#options.networkId, i64le(BigInt(epoch)))
  }

  snapshot(): SnapshotEntry[] {
    const { networkId, verifiers } = this.#options
    const { weights } = stakeWeights(verifiers.map(({ stake }) => stake))
    return verifiers.map(({ stake }, id) => {
      const key = h('pw/report', networkId, i64le(BigInt(id)))
      return { id, voteKey: key, operator: key, stake, weight: weights[id] ?? 0 }
    })
  }

  /** Of the epoch after this state: everything but what verifiers post during it. */
  facts(state: State, previous: Uint8Array): Facts {
    const { networkId, params, kinds } = this.#options
    const epoch = state.epoch + 1
    const snapshot = this.snapshot()
    return {
      networkId,
      epoch,
      previous,
      startSlot: epoch * EPOCH_SLOTS,
      endSlot: (epoch + 1) * EPOCH_SLOTS,
      dealSeed: this.seed(epoch - 2),
      seed: this.seed(epoch),
      params,
      kinds,
      snapshot,
      posted: [],
      joined: snapshot.slice(state.verifiers.length),
      created: this.#created,
      opened: this.#opened.toSorted((a, b) => a.slot - b.slot || a.job - b.job),
      closed: this.#closed.map((job) => ({ job, slot: Math.max(epoch * EPOCH_SLOTS - 1, 0) })),
    }
  }

  /** The facts were applied: the next ones tell what happens from now on. */
  goOn(): void {
    this.#created = []
    this.#opened = []
    this.#closed = []
  }
}
