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
  isPruned,
  type KindRules,
  keyFromSecret,
  LOCAL_PARAMS,
  type Params,
  type Ports,
  type SnapshotEntry,
  type State,
  surveyEpoch,
  verifySignature,
  ZERO_HASH,
} from '@piecework/protocol'
import { SeededRandom } from '../random.ts'
import { Contributor, type DealtTask } from './contributor.ts'
import { type Enroller, enrolmentInput } from './enrolments.ts'
import { type Held, holdInventory, inventoriesOf } from './holding.ts'
import {
  type ContributorPlan,
  DEFAULT_CAPACITY,
  type JobPlan,
  type Measure,
  type Scene,
  type VerifierPlan,
  type WorldOptions,
} from './plans.ts'
import { collectReports } from './reporting.ts'
import { ToyChain } from './toy-chain.ts'
import { toyRules, toyWork } from './toy-work.ts'

export class World implements Scene {
  readonly params: Params
  readonly kinds: readonly KindRules[]
  readonly ports: Ports
  readonly networkId: Uint8Array
  readonly random: SeededRandom
  readonly contributors: Contributor[] = []
  readonly verifiers: VerifierPlan[]
  readonly measured: Measure
  settler: Uint8Array
  state: State
  last: Applied | undefined
  readonly #signs: boolean
  readonly #chain: ToyChain
  #enrollers: Enroller[] = []

  constructor(options: WorldOptions) {
    this.#signs = options.signs === true
    // Stamps are not worked for here: see enrolments.ts.
    this.params = { ...LOCAL_PARAMS, stampBits: 0, ...options.params }
    this.kinds = options.kinds ?? toyRules()
    this.random = new SeededRandom(options.name)
    this.networkId = this.random.bytes(32)
    this.settler = this.random.bytes(32)
    this.measured = options.measured ?? (() => 1_000_000)
    this.ports = { work: options.work ?? toyWork, verify: this.#signs ? verifySignature : () => true }
    this.verifiers = [...(options.verifiers ?? Array.from({ length: 4 }, () => ({ stake: 1000n })))]
    this.#chain = new ToyChain(this)
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
      signs: this.#signs,
    })
    this.contributors.push(contributor)
    return contributor
  }

  #isPruned(index: number): boolean {
    const node = this.state.nodes[index]
    return node !== undefined && isPruned(node)
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
  addJob(plan: JobPlan = {}): number {
    return this.#chain.addJob(this.epoch, plan)
  }

  closeJob(index: number): void {
    this.#chain.closeJob(index)
  }

  seed(epoch: number): Uint8Array {
    return this.#chain.seed(epoch)
  }

  snapshot(): SnapshotEntry[] {
    return this.#chain.snapshot()
  }

  /** One epoch, from its deal to its attestation. */
  step(): Applied {
    return this.apply(this.prepare())
  }

  /** What `step` would apply, for tests that change it first. */
  prepare(): Epoch {
    const previous = this.last === undefined ? ZERO_HASH : attestationHash(this.last.attestation)
    const facts = this.#chain.facts(this.state, previous)
    return this.#report(facts, this.#work(facts))
  }

  apply(epoch: Epoch): Applied {
    const applied = applyEpoch(epoch)
    this.state = applied.state
    this.last = applied
    this.#chain.goOn()
    this.#enrollers = []
    for (const contributor of this.contributors) contributor.index = this.#indexOf(contributor)
    return applied
  }

  /** Of a node that was pruned it stays the same, until it has entered again. */
  #indexOf({ key, index }: Contributor): number | undefined {
    if (index !== undefined && !this.#isPruned(index)) return index
    const found = this.state.nodes.findIndex(({ nodeKey }) => Buffer.compare(nodeKey, key.publicKey) === 0)
    return found === -1 ? index : found
  }

  #work(facts: Facts): Held {
    const tasks = this.#dealt(facts)
    const undealt = this.#undealt(facts)
    const sent = this.contributors.flatMap((contributor) => {
      const { index } = contributor
      if (index === undefined || this.#isPruned(index)) return []
      const made = contributor.work(facts.epoch, [...(tasks.get(index) ?? []), ...undealt])
      return made === undefined ? [] : [{ node: index, sent: made }]
    })
    const enrolments = this.#enrollers.map((enroller) => enrolmentInput(this, enroller))
    // Nodes that enter together get their indices by their stamps, not in the order they were made.
    return { sent: sent.sort((a, b) => a.node - b.node), enrolments }
  }

  /** By node. */
  #dealt(facts: Facts): ReadonlyMap<number, readonly DealtTask[]> {
    const tasks = new Map<number, DealtTask[]>()
    const deal = dealOf({ state: this.state, facts, work: this.ports.work })
    for (const { job, tasks: dealt, nodes } of deal.jobs) {
      const created = facts.created.find(({ index }) => index === job)
      const units = (this.state.jobs[job]?.job ?? created)?.maxUnits ?? 0
      for (const [i, node] of nodes.entries()) {
        const list = tasks.get(node) ?? []
        tasks.set(node, list)
        list.push({ job, task: dealt[i] ?? 0, units })
      }
    }
    return tasks
  }

  /** Rows that need no deal: one for each open or standing job. */
  #undealt({ epoch }: Facts): DealtTask[] {
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
    const epoch = this.#withhold({ state: this.state, facts, inputs, ports: this.ports })
    return { ...epoch, inputs: { ...epoch.inputs, reports: collectReports(this, epoch) } }
  }

  /** Without the inventories that their verifiers no longer serve, now that they have seen the draw. */
  #withhold(epoch: Epoch): Epoch {
    if (!this.verifiers.some(({ behaviour }) => behaviour?.withholds !== undefined)) return epoch
    const due = surveyEpoch(epoch)
    const inventories = epoch.inputs.inventories.filter(({ header }) => {
      return this.verifiers[header.verifierId]?.behaviour?.withholds?.(due) !== true
    })
    return { ...epoch, inputs: { ...epoch.inputs, inventories } }
  }
}
