// A whole network at the protocol's level, in one process and without a network: contributors, verifiers, jobs and a
// chain that is only numbers, taken through epochs by the real applyEpoch.
import {
  type Applied,
  applyEpoch,
  attestationHash,
  dealOf,
  type Epoch,
  type Facts,
  type GenesisNode,
  genesisState,
  h,
  type Inputs,
  i64le,
  type Job,
  type KindRules,
  keyFromSecret,
  LOCAL_PARAMS,
  type Params,
  type Ports,
  type SnapshotEntry,
  type State,
  stakeWeights,
  verifySignature,
  type Work,
  ZERO_HASH,
} from '@piecework/protocol'
import { SeededRandom } from '../random.ts'
import { type Behaviour, Contributor, type DealtTask } from './contributor.ts'
import { type Enroller, enrolmentInput } from './enrolments.ts'
import { type Held, holdInventory, inventoriesOf } from './holding.ts'
import { collectReports } from './reporting.ts'
import { TOY_KINDS, toyRules, toyWork } from './toy-work.ts'
import type { VerifierBehaviour } from './verifier.ts'

/** Slots of one epoch in a world whose phases take no time. */
const EPOCH_SLOTS = 1000

export interface WorldOptions {
  /** Worlds of one name are the same. */
  readonly name: string
  readonly params?: Partial<Params>
  readonly kinds?: readonly KindRules[]
  readonly work?: Work
  /** Real signatures, checked. */
  readonly signs?: boolean
  /** What checkers measure of a node, in millionths. */
  readonly measured?: (job: number, node: number) => number
  readonly contributors?: readonly ContributorPlan[]
  readonly verifiers?: readonly VerifierPlan[]
}

export interface ContributorPlan {
  readonly behaviour?: Behaviour
  /** Nodes with the same number share a wallet. */
  readonly wallet?: number
  /** In the genesis state, which lists it if this is given. */
  readonly vouched?: bigint
  readonly capacity?: number
}

export interface VerifierPlan {
  readonly stake: bigint
  readonly behaviour?: VerifierBehaviour
}

export type JobPlan = Partial<Omit<Job, 'index'>> & { readonly opensDuringEpoch?: boolean }

const DEFAULT_CAPACITY = 20

export class World {
  readonly params: Params
  readonly kinds: readonly KindRules[]
  readonly ports: Ports
  readonly networkId: Uint8Array
  readonly random: SeededRandom
  readonly contributors: Contributor[] = []
  readonly verifiers: VerifierPlan[]
  readonly measured: (job: number, node: number) => number
  settler: Uint8Array
  state: State
  last: Applied | undefined
  readonly #options: WorldOptions
  readonly #enrollers: Enroller[] = []
  #created: Job[] = []
  #opened: { job: number; slot: number }[] = []
  #closed: number[] = []
  #jobs = 0

  constructor(options: WorldOptions) {
    this.#options = options
    this.params = { ...LOCAL_PARAMS, ...options.params }
    this.kinds = options.kinds ?? toyRules()
    this.random = new SeededRandom(options.name)
    this.networkId = this.random.bytes(32)
    this.settler = this.random.bytes(32)
    this.measured = options.measured ?? (() => 1_000_000)
    const verify = options.signs === true ? verifySignature : () => true
    this.ports = { work: options.work ?? toyWork, verify }
    this.verifiers = [...(options.verifiers ?? Array.from({ length: 4 }, () => ({ stake: 1000n })))]
    const plans = options.contributors ?? []
    for (const plan of plans) this.#contributor(plan)
    this.state = genesisState({
      networkId: this.networkId,
      nodes: plans.flatMap((plan, i) => this.#genesisNode(plan, i)),
      kinds: this.kinds,
      trialRows: this.params.trialRows,
    })
  }

  /** The epoch that the next step plays. */
  get epoch(): number {
    return this.state.epoch + 1
  }

  #contributor(plan: ContributorPlan): Contributor {
    const { networkId } = this
    const wallet = h('pw/enrol', networkId, i64le(BigInt(plan.wallet ?? -1 - this.contributors.length)))
    const contributor = new Contributor({
      key: keyFromSecret(this.random.bytes(32)),
      wallet,
      networkId,
      behaviour: plan.behaviour ?? {},
      random: this.random,
      signs: this.#options.signs === true,
    })
    this.contributors.push(contributor)
    return contributor
  }

  #genesisNode({ vouched, capacity = DEFAULT_CAPACITY }: ContributorPlan, i: number): GenesisNode[] {
    const contributor = this.contributors[i]
    if (vouched === undefined || contributor === undefined) return []
    contributor.index = this.contributors.slice(0, i).filter(({ index }) => index !== undefined).length
    const { key, wallet } = contributor
    const kinds = this.kinds.map(({ kind }) => ({ kind, capacity }))
    const terms = { minAmount: 0n, maxFee: 0n, expiresAtEpoch: Number.MAX_SAFE_INTEGER - 1 }
    return [{ nodeKey: key.publicKey, wallet, kinds, attributes: [], vouched, ...terms }]
  }

  /** A newcomer, whose enrolment goes to the verifiers with the next epoch. */
  enrol(plan: ContributorPlan = {}): Contributor {
    const contributor = this.#contributor(plan)
    this.enrolAgain(contributor, { capacity: plan.capacity ?? DEFAULT_CAPACITY, nonce: 1n })
    return contributor
  }

  /** Renews, or leaves with a capacity of zero. */
  enrolAgain(
    contributor: Contributor,
    { capacity, nonce }: { readonly capacity: number; readonly nonce: bigint },
  ): void {
    const kinds = capacity === 0 ? [] : this.kinds.map(({ kind }) => ({ kind, capacity }))
    this.#enrollers.push({ contributor, kinds, nonce })
  }

  /** Created and open from the next epoch's start, or during it. */
  addJob({ opensDuringEpoch = false, ...plan }: JobPlan = {}): number {
    const index = this.#jobs++
    const job: Job = {
      requester: this.random.bytes(32),
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
    }
    this.#created.push(job)
    this.#opened.push({ job: index, slot: this.epoch * EPOCH_SLOTS + (opensDuringEpoch ? 1 : -1) })
    return index
  }

  closeJob(index: number): void {
    this.#closed.push(index)
  }

  /** One epoch, from its deal to its attestation. */
  step(): Applied {
    const before = this.#facts()
    const held = this.#work(before)
    const epoch = this.#report(before, held)
    return this.apply(epoch)
  }

  /** What `step` would apply, for tests that change it first. */
  prepare(): Epoch {
    const before = this.#facts()
    return this.#report(before, this.#work(before))
  }

  apply(epoch: Epoch): Applied {
    const applied = applyEpoch(epoch)
    this.state = applied.state
    this.last = applied
    this.#created = []
    this.#opened = []
    this.#closed = []
    this.#enrollers.length = 0
    for (const contributor of this.contributors) {
      contributor.index ??= this.#indexOf(contributor)
    }
    return applied
  }

  #indexOf({ key }: Contributor): number | undefined {
    const found = this.state.nodes.findIndex(({ nodeKey }) => Buffer.compare(nodeKey, key.publicKey) === 0)
    return found === -1 ? undefined : found
  }

  seed(epoch: number): Uint8Array {
    return h('pw/seed', this.networkId, i64le(BigInt(epoch)))
  }

  snapshot(): SnapshotEntry[] {
    const { weights } = stakeWeights(this.verifiers.map(({ stake }) => stake))
    return this.verifiers.map(({ stake }, id) => {
      const key = h('pw/report', this.networkId, i64le(BigInt(id)))
      return { id, voteKey: key, operator: key, stake, weight: weights[id] ?? 0 }
    })
  }

  /** Everything but what verifiers post during the epoch. */
  #facts(): Facts {
    const { epoch } = this
    const snapshot = this.snapshot()
    return {
      networkId: this.networkId,
      epoch,
      previous: this.last === undefined ? ZERO_HASH : attestationHash(this.last.attestation),
      startSlot: epoch * EPOCH_SLOTS,
      endSlot: (epoch + 1) * EPOCH_SLOTS,
      dealSeed: this.seed(epoch - 2),
      seed: this.seed(epoch),
      params: this.params,
      kinds: this.kinds,
      snapshot,
      posted: [],
      joined: snapshot.slice(this.state.verifiers.length),
      created: this.#created,
      opened: this.#opened.map(({ job, slot }) => ({ job, slot: Math.max(slot, 0) })),
      closed: this.#closed.map((job) => ({ job, slot: Math.max(epoch * EPOCH_SLOTS - 1, 0) })),
    }
  }

  #work(facts: Facts): Held {
    const tasks = new Map<number, DealtTask[]>()
    const deal = dealOf({ state: this.state, facts, work: this.ports.work })
    for (const { job, tasks: dealt, nodes } of deal.jobs) {
      for (const [i, node] of nodes.entries()) {
        const list = tasks.get(node) ?? []
        tasks.set(node, list)
        list.push({ job, task: dealt[i] ?? 0, units: this.#unitsOf(facts, job) })
      }
    }
    const sent = this.contributors.flatMap((contributor) => {
      const { index } = contributor
      if (index === undefined) return []
      const all = [...(tasks.get(index) ?? []), ...this.#undealt(facts, index)]
      const made = contributor.work(facts.epoch, all)
      return made === undefined ? [] : [{ node: index, sent: made }]
    })
    const enrolments = this.#enrollers.map((enroller) => enrolmentInput(this, enroller))
    return { sent, enrolments }
  }

  #unitsOf(facts: Facts, job: number): number {
    return (this.state.jobs[job]?.job ?? facts.created.find(({ index }) => index === job))?.maxUnits ?? 0
  }

  /** Rows that need no deal: one for each open or standing job. */
  #undealt({ epoch }: Facts, _node: number): DealtTask[] {
    return this.state.jobs.flatMap(({ job, openSlot, closedAt }) => {
      const allocation = this.kinds.find(({ kind }) => kind === job.kind)?.allocation
      if (allocation === 'dealt' || openSlot < 0 || closedAt >= 0) return []
      return [{ job: job.index, task: epoch, units: job.maxUnits }]
    })
  }

  #report(before: Facts, held: Held): Epoch {
    const inventories = inventoriesOf(this, before.epoch, held)
    const posted = inventories.map(({ data, root }) => ({
      verifierId: data.header.verifierId,
      inventory: root,
      reportCommit: ZERO_HASH,
    }))
    const facts: Facts = { ...before, posted }
    const inputs: Inputs = {
      round: 0,
      settler: this.settler,
      inventories: inventories.map(({ data }) => data),
      chainOf: holdInventory(held),
      enrolments: held.enrolments,
      known: [],
      reports: [],
      twoReveals: [],
    }
    const epoch: Epoch = { state: this.state, facts, inputs, ports: this.ports }
    return { ...epoch, inputs: { ...inputs, reports: collectReports(this, epoch) } }
  }
}
