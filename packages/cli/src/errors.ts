// What went wrong, as the exit code says it to scripts and the sentence to people.

/** Documented in `piecework --help`. */
export const EXIT = {
  ok: 0,
  /** It was tried and did not work. */
  failed: 1,
  /** The command, a flag, a file or a config makes no sense: nothing was tried. */
  usage: 2,
  /** The chain, a verifier or a daemon does not answer. */
  unreachable: 3,
  /** The chain or a verifier understood, and said no. */
  refused: 4,
  /** Not now: try again later. */
  notYet: 5,
} as const

export type ExitName = Exclude<keyof typeof EXIT, 'ok'>

export interface CliErrorOptions extends ErrorOptions {
  readonly isPrinted?: boolean
}

export class CliError extends Error {
  readonly exit: ExitName
  /** What was asked for is printed all the same: with --json nothing else follows it. */
  readonly isPrinted: boolean

  constructor(exit: ExitName, message: string, { isPrinted = false, ...options }: CliErrorOptions = {}) {
    super(message, options)
    this.name = 'CliError'
    this.exit = exit
    this.isPrinted = isPrinted
  }
}

/** By the beginning of the code that every error of ours carries. */
const BY_CODE: readonly (readonly [code: RegExp, exit: ExitName])[] = [
  [/^(config|key|spec|option|address|module|setting|kind|enrolment|signature)\//, 'usage'],
  [/^(rpc\/refused|program|transaction|network\/refused|client\/refused)/, 'refused'],
  [/^(rpc|network|client|chain)\//, 'unreachable'],
  [/^account\/missing/, 'notYet'],
]

export function exitOf(error: unknown): ExitName {
  if (error instanceof CliError) return error.exit
  const code = codeOf(error)
  if (code === undefined) return 'failed'
  return BY_CODE.find(([pattern]) => pattern.test(code))?.[1] ?? 'failed'
}

/** An error of ours is a sentence; any other is a defect, and its stack helps whoever mends it. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof CliError || codeOf(error) !== undefined) return error.message
  return error.stack ?? error.message
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
