// One command: its words, its help and what it does, in one value.
import type { z } from 'zod'
import type { Context } from './context.ts'
import { CliError } from './errors.ts'

export interface Option {
  /** As commander reads it: '--key <file>'. */
  readonly flags: string
  readonly about: string
  /** It may be given again. */
  readonly many?: boolean
}

/** A command with its input read: whoever runs it need not know its form. */
export interface Verb {
  /** 'post <folder>' */
  readonly words: string
  readonly about: string
  readonly options: readonly Option[]
  readonly examples: readonly string[]
  readonly run: (context: Context, given: Given) => Promise<void>
}

/** What was typed: arguments by their names, options by theirs. */
export type Given = Readonly<Record<string, unknown>>

export interface VerbOf<T extends z.ZodType> extends Omit<Verb, 'run'> {
  readonly input: T
  readonly run: (context: Context, input: z.output<T>) => Promise<void>
}

export function defineVerb<T extends z.ZodType>({ input, run, ...rest }: VerbOf<T>): Verb {
  return { ...rest, run: async (context, given) => run(context, readInput(input, given)) }
}

export interface Noun {
  readonly noun: string
  readonly about: string
  readonly verbs: readonly Verb[]
}

function readInput<T extends z.ZodType>(input: T, given: Given): z.output<T> {
  const read = input.safeParse(given)
  if (read.success) return read.data
  const wrong = read.error.issues.map(({ path: [name], message }) => {
    const isThere = name !== undefined && given[String(name)] !== undefined
    return `${flagOf(name)} ${isThere ? message : 'is needed'}`
  })
  throw new CliError('usage', `${wrong.join('\n')}\nAdd --help for an example.`)
}

/** minAmount is --min-amount to whoever types it. */
function flagOf(name: PropertyKey | undefined): string {
  return `--${String(name).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
