// A task with what those who answered it say.
import type { Voice } from '../../people/voices.ts'
import type { JudgeAnswer } from './answer.ts'

export interface AskedTask {
  readonly task: number
  readonly voices: readonly Voice<JudgeAnswer>[]
  /** Known, or found before. */
  readonly fixed: JudgeAnswer | undefined
}
