// One instruction, played: what it refuses, and what it changes.
import {
  type InstructionForm,
  type ReadInstruction,
  readInstruction,
  type TransactionInstruction,
} from '@piecework/chain'
import { type Run, requireThat } from '../run.ts'

export interface Handler {
  readonly name: string
  /** False: it is another instruction. */
  readonly play: (run: Run, instruction: TransactionInstruction) => boolean
}

export function handler<A extends string, T extends object>(
  form: InstructionForm<A, T>,
  play: (run: Run, given: ReadInstruction<A, T>) => void,
): Handler {
  return {
    name: form.name,
    play: (run, instruction) => {
      if (instruction.data[0] !== form.discriminator) return false
      const given = readInstruction(form, instruction)
      requireThat(given !== undefined, 'WrongData')
      play(run, given)
      return true
    },
  }
}
