// Deal: says what a node is dealt, from the first slot of an epoch on, and more as jobs open.
import { type Chain, dealFactsOf, type FoundJob, readJobs } from '@piecework/chain'
import type { DealtTask, WorkAnswer } from '@piecework/network'
import { WORK_TASKS } from '@piecework/network'
import { type Deal, type DealFacts, dealAhead, type Job, NEVER, type State } from '@piecework/protocol'
import type { VerifierContent } from './common/content.ts'
import { rulesOf } from './common/facts.ts'
import type { Jobs } from './common/jobs.ts'
import { type Moment, takenEpochs } from './common/moment.ts'
import type { Nodes } from './common/nodes.ts'
import type { States } from './common/states.ts'
import { refused } from './errors.ts'

export interface DealPorts {
  readonly chain: Chain
  readonly content: VerifierContent
  readonly jobs: Jobs
  readonly nodes: Nodes
  readonly states: States
}

type ByNode = ReadonlyMap<number, readonly DealtTask[]>

interface Dealt {
  /** What it was computed of; while this is the same, so is the deal. */
  readonly name: string
  readonly epoch: number
  /** By epoch. */
  readonly deals: ReadonlyMap<number, ByNode>
}

export class Dealing {
  readonly #ports: DealPorts
  #dealt: Dealt | undefined
  #jobs: readonly FoundJob[] = []

  constructor(ports: DealPorts) {
    this.#ports = ports
  }

  /** Of the chain, as of the newest slot. */
  get jobs(): readonly FoundJob[] {
    return this.#jobs
  }

  async see(moment: Moment): Promise<'rested' | undefined> {
    const { chain, states } = this.#ports
    const state = states.newest
    const { slot, value } = await readJobs(chain)
    this.#jobs = value
    // An epoch has begun when all that opened before it is among them: a deal is not changed by what came before it.
    const epoch = takenEpochs({ ...moment, slot }).at(-1)
    if (state === undefined || epoch === undefined || epoch > state.epoch + 3) return 'rested'
    const facts = await this.#facts(moment, { state, epoch })
    const name = nameOf(state, facts)
    if (this.#dealt?.name === name) return 'rested'
    this.#dealt = { name, epoch, deals: await this.#deal(state, facts) }
    return undefined
  }

  /** A node's part, in dealing order. */
  async work({
    epoch,
    nodeKey,
  }: {
    readonly epoch: number
    readonly nodeKey: Uint8Array
  }): Promise<WorkAnswer> {
    const node = this.#ports.nodes.indexOf(nodeKey)
    if (node === undefined) return { node, tasks: [] }
    const deal = this.#dealt?.deals.get(epoch)
    if (deal === undefined) throw refused(`the deal of epoch ${epoch} is not known here`, { epoch })
    return { node, tasks: (deal.get(node) ?? []).slice(0, WORK_TASKS) }
  }

  async #facts(
    { state: onChain }: Moment,
    { state, epoch }: { readonly state: State; readonly epoch: number },
  ): Promise<readonly DealFacts[]> {
    const { chain, content } = this.#ports
    const from = state.epoch + 1
    const wanted = {
      state: onChain,
      jobs: this.#jobs,
      from,
      to: Math.max(epoch, from),
      known: state.jobs.length,
    }
    const facts: DealFacts[] = []
    for (const one of dealFactsOf(chain, wanted))
      facts.push({ ...one, kinds: await rulesOf(content, one.kindsHash) })
    return facts
  }

  async #deal(state: State, facts: readonly DealFacts[]): Promise<ReadonlyMap<number, ByNode>> {
    const { jobs } = this.#ports
    await jobs.load(openJobs(state, facts))
    const { earlier, dealer } = dealAhead({ state, facts, work: jobs.ports.work })
    const all = [...state.dealt.map(({ deal }) => deal), ...earlier, dealer.deal]
    return new Map(all.map((deal) => [deal.epoch, byNode(deal)]))
  }
}

function nameOf(state: State, facts: readonly DealFacts[]): string {
  const events = facts.map(({ epoch, created, opened, closed }) => [
    epoch,
    created.length,
    opened.map(({ job }) => job),
    closed.map(({ job }) => job),
  ])
  return JSON.stringify([state.epoch, events])
}

function openJobs(state: State, facts: readonly DealFacts[]): readonly Job[] {
  const opened = new Set(facts.flatMap((one) => one.opened.map(({ job }) => job)))
  const known = [
    ...state.jobs.filter(({ done }) => !done).map(({ job }) => job),
    ...facts.flatMap(({ created }) => created),
  ]
  const before = new Set(state.jobs.filter(({ openSlot }) => openSlot !== NEVER).map(({ job }) => job.index))
  return known.filter(({ index }) => before.has(index) || opened.has(index))
}

function byNode(deal: Deal): ByNode {
  const parts = new Map<number, DealtTask[]>()
  for (const { job, tasks, nodes } of deal.jobs) {
    for (const [i, node] of nodes.entries()) {
      const part = parts.get(node) ?? []
      parts.set(node, part)
      part.push({ job, task: tasks[i] ?? 0 })
    }
  }
  return parts
}
