// Jobs as a node needs them: what the chain says of them, and their specs opened by their kinds.
import { type Chain, type FoundJob, readJobs } from '@piecework/chain'
import { type Kind, type Kinds, type OpenJob, readJobSpec } from '@piecework/work'
import { NodeError } from '../errors.ts'
import type { NodeContent } from './content.ts'

/** Opened jobs in memory; one that is needed again is opened again. */
const OPEN_JOBS = 256

export interface KnownJob {
  readonly onChain: FoundJob
  readonly title: string
  readonly kind: Kind
  readonly job: OpenJob
}

export interface JobsPorts {
  readonly chain: Chain
  readonly kinds: Kinds
  readonly content: NodeContent
}

export class Jobs {
  readonly #ports: JobsPorts
  #onChain = new Map<number, FoundJob>()
  readonly #open = new Map<number, Promise<KnownJob>>()
  #reading: Promise<void> | undefined

  constructor(ports: JobsPorts) {
    this.#ports = ports
  }

  /** What never changes of a job. One that isn't known yet is looked for on chain. */
  async facts(index: number): Promise<FoundJob> {
    if (!this.#onChain.has(index)) {
      this.#reading ??= this.#read().finally(() => {
        this.#reading = undefined
      })
      await this.#reading
    }
    const found = this.#onChain.get(index)
    if (found !== undefined) return found
    const message = `Job ${index} isn't on chain (any more): its tasks are left.`
    throw new NodeError('job/unknown', message, { job: index })
  }

  /** The last epoch in which a row of this job counts that was kept in this one: standing work is of one epoch. */
  async lastEpochOf(index: number, keptIn: number): Promise<number> {
    const { workKind, leaseEpochs } = await this.facts(index)
    const kind = this.#ports.kinds.all.find(({ id }) => id === workKind)
    return kind?.allocation === 'standing' ? keptIn : keptIn + leaseEpochs
  }

  /** All of the network, as the chain has them now. */
  async all(): Promise<readonly FoundJob[]> {
    await this.#read()
    return [...this.#onChain.values()]
  }

  /** With its spec; throws what is missing or wrong with it. */
  async opened(index: number): Promise<KnownJob> {
    const open = this.#open.get(index) ?? this.#openJob(index)
    this.#open.delete(index)
    this.#open.set(index, open)
    open.catch(() => this.#open.delete(index))
    const oldest = this.#open.size > OPEN_JOBS ? this.#open.keys().next() : undefined
    if (oldest?.done === false) this.#open.delete(oldest.value)
    return open
  }

  async #read(): Promise<void> {
    const { value } = await readJobs(this.#ports.chain)
    this.#onChain = new Map(value.map((job) => [job.index, job]))
  }

  async #openJob(index: number): Promise<KnownJob> {
    const { kinds, content } = this.#ports
    const onChain = await this.facts(index)
    const { kind, title, job } = readJobSpec(await content.get(onChain.specHash), kinds)
    return { onChain, title, kind, job }
  }
}
