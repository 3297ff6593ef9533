// Questions that wait for whoever answers them here: the workbench and the local interface take them from this desk,
// the stage that works waits for the output.
import { WorkError } from '../errors.ts'
import type { Answers, Asked } from './answers.ts'
import type { Question } from './question.ts'

/** More than anybody looks at in an epoch, and few enough to keep in memory with what they show. */
export const OPEN_QUESTIONS = 64

export interface Waiting {
  readonly id: number
  readonly question: Question
}

interface Open extends Asked {
  readonly id: number
  readonly done: (output: Uint8Array) => void
  readonly failed: (error: Error) => void
}

export class AnswerDesk implements Answers {
  readonly #open = new Map<number, Open>()
  #last = 0

  ask(asked: Asked): Promise<Uint8Array> {
    if (this.#open.size >= OPEN_QUESTIONS)
      throw new WorkError(
        'answers/none',
        `${OPEN_QUESTIONS} questions wait here already. Answer or skip some first.`,
      )
    const id = ++this.#last
    asked.signal?.addEventListener('abort', () => {
      if (this.#open.has(id)) this.skip(id, 'it is too late for it')
    })
    return new Promise((done, failed) => this.#open.set(id, { ...asked, id, done, failed }))
  }

  /** Oldest first. */
  waiting(): readonly Waiting[] {
    return [...this.#open.values()].map(({ id, question }) => ({ id, question }))
  }

  /** Throws 'answer/invalid' with what to change; the question stays open then. */
  async give(id: number, answer: unknown): Promise<void> {
    const open = this.#find(id)
    const output = await open.accept(answer)
    if (this.#open.delete(id)) open.done(output)
  }

  /** Somebody else will be dealt the task. */
  skip(id: number, why: string): void {
    const open = this.#find(id)
    this.#open.delete(id)
    open.failed(new WorkError('answers/none', `The task was skipped: ${why}.`))
  }

  #find(id: number): Open {
    const open = this.#open.get(id)
    if (open !== undefined) return open
    throw new WorkError(
      'answer/invalid',
      `No question ${id} waits here; it was answered or skipped. Take the next one.`,
    )
  }
}
