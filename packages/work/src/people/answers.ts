// The port through which a task gets its answer from a person or from a program of the contributor's own.
import { WorkError } from '../errors.ts'
import type { Question } from './question.ts'

export interface Asked {
  readonly question: Question
  /** The output that an answer stands for. Throws 'answer/invalid' with what to change; then another may be given. */
  readonly accept: (answer: unknown) => Promise<Uint8Array>
  /** Aborted when nobody needs an answer any more. */
  readonly signal?: AbortSignal
}

export interface Answers {
  /** The output of an accepted answer. Throws when nobody answers: then the task is left undone. */
  ask(asked: Asked): Promise<Uint8Array>
}

export function answersOf(answers: Answers | undefined): Answers {
  if (answers !== undefined) return answers
  throw new WorkError(
    'answers/none',
    'Nobody answers here: tasks of this kind are done by people or by a program of your own. Name one in the config, or open the workbench.',
  )
}
