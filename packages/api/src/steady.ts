// Runs a stage's step whenever there is news: one at a time, for the newest news only. What fails is said once, tried
// again with the next, and said to be over when it is.
import { sentenceOf } from './errors.ts'
import type { Log } from './log.ts'

export interface Trouble {
  readonly stage: string
  readonly why: string
  readonly since: number
}

export interface SteadyPorts {
  readonly log: Log
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Nothing was tried, so that it says nothing of how things stand. */
export type Rested = 'rested' | undefined

export class Steady<News> {
  readonly #name: string
  readonly #step: (news: News) => Promise<Rested>
  readonly #ports: SteadyPorts
  #next: { readonly news: News } | undefined
  #running: Promise<void> | undefined
  #stopped = false
  #trouble: Trouble | undefined

  constructor(name: string, step: (news: News) => Promise<Rested>, ports: SteadyPorts) {
    this.#name = name
    this.#step = step
    this.#ports = ports
  }

  get trouble(): Trouble | undefined {
    return this.#trouble
  }

  see(news: News): void {
    if (this.#stopped) return
    this.#next = { news }
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
  }

  /** What is under way is finished, nothing else is begun. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#next = undefined
    await this.#running
  }

  async #run(): Promise<void> {
    while (this.#next !== undefined) {
      const { news } = this.#next
      this.#next = undefined
      try {
        if ((await this.#step(news)) !== 'rested') this.#over()
      } catch (error) {
        this.#fails(error)
      }
    }
  }

  #fails(error: unknown): void {
    const why = sentenceOf(error)
    if (this.#trouble === undefined) this.#ports.log.warn('stage-waits', { stage: this.#name, why })
    this.#trouble = { stage: this.#name, why, since: this.#trouble?.since ?? this.#ports.now() }
  }

  #over(): void {
    if (this.#trouble === undefined) return
    this.#ports.log.info('stage-goes-on', { stage: this.#name, after: this.#trouble.why })
    this.#trouble = undefined
  }
}
