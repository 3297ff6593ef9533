// Questions: what tasks ask of people, until somebody answers: a person at the local API, or a program of the
// contributor's own.
import type { Settings } from '@piecework/store'
import { AnswerDesk, type Answers, type Asked, OPEN_QUESTIONS, type Question } from '@piecework/work'
import { Drafts } from './common/drafts.ts'
import { NodeError } from './errors.ts'

/** Which task asks. */
export interface Asking {
  readonly epoch: number
  readonly job: number
  readonly task: number
  readonly kind: string
  readonly title: string
  /** The last epoch in which its answer counts. */
  readonly until: number
}

export interface OpenQuestion extends Asking {
  readonly id: number
}

export interface WholeQuestion extends OpenQuestion {
  readonly question: Question
  /** What was begun, as it was left. */
  readonly draft: unknown
}

interface Open extends Pick<Asking, 'until'> {
  readonly over: AbortController
}

export class Questions {
  readonly #desk = new AnswerDesk()
  readonly #drafts: Drafts
  readonly #program: Answers | undefined
  readonly #asking = new Map<number, Asking>()
  /** Of all that wait, here or for the program. */
  readonly #open = new Set<Open>()

  constructor({ settings, program }: { readonly settings: Settings; readonly program: Answers | undefined }) {
    this.#drafts = new Drafts(settings)
    this.#program = program
  }

  get isFull(): boolean {
    return this.#open.size >= OPEN_QUESTIONS
  }

  /** Oldest first. */
  get open(): readonly OpenQuestion[] {
    return [...this.#asking].map(([id, asking]) => ({ id, ...asking }))
  }

  /** The output that the answer stands for. Throws when nobody answers. */
  async ask(asking: Asking, asked: Asked): Promise<Uint8Array> {
    if (this.isFull) {
      const message = `${OPEN_QUESTIONS} questions wait for an answer already: further ones wait for their turn.`
      throw new NodeError('questions/full', message)
    }
    const open = { until: asking.until, over: new AbortController() }
    this.#open.add(open)
    try {
      const limited = { ...asked, signal: open.over.signal }
      return await (this.#program?.ask(limited) ?? this.#askHere(asking, limited))
    } finally {
      this.#open.delete(open)
    }
  }

  async #askHere(asking: Asking, asked: Asked): Promise<Uint8Array> {
    const output = this.#desk.ask(asked)
    const id = this.#desk.waiting().at(-1)?.id ?? 0
    this.#asking.set(id, asking)
    try {
      return await output
    } finally {
      this.#asking.delete(id)
      await this.#drafts.keep({ ...asking, draft: undefined })
    }
  }

  async whole(id: number): Promise<WholeQuestion> {
    const asking = this.#find(id)
    const question = this.#desk.waiting().find((one) => one.id === id)?.question
    if (question === undefined) throw gone(id)
    const draft = await this.#drafts.of(asking.job, asking.task)
    return { id, ...asking, question, draft }
  }

  async save(id: number, draft: unknown): Promise<void> {
    const { job, task } = this.#find(id)
    await this.#drafts.keep({ job, task, draft })
  }

  /** Throws 'answer/invalid' with what to change; the question stays open then. */
  async give(id: number, answer: unknown): Promise<void> {
    this.#find(id)
    await this.#desk.give(id, answer)
  }

  skip(id: number, why: string): void {
    this.#find(id)
    this.#desk.skip(id, why)
  }

  /** Nobody needs an answer that is too late. */
  see(epoch: number): void {
    for (const { until, over } of this.#open) if (until < epoch) over.abort()
  }

  #find(id: number): Asking {
    const asking = this.#asking.get(id)
    if (asking === undefined) throw gone(id)
    return asking
  }
}

function gone(id: number): NodeError {
  const message = `No question ${id} waits here: it was answered, skipped, or its time is over. Take the next one.`
  return new NodeError('questions/gone', message, { id })
}
