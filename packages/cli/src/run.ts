// Reads the command line and runs one command. Resolves with the exit code.
import { jsonText } from '@piecework/api'
import { Command, CommanderError } from 'commander'
import { Context } from './context.ts'
import { CliError, EXIT, exitOf, sentenceOf } from './errors.ts'
import type { Io } from './io.ts'
import type { Noun, Verb } from './verb.ts'
import { nounsWith } from './verbs/nouns.ts'

const EXIT_HELP = `
Exit codes: 0 done; 1 tried, and it did not work; 2 the command or a file makes no sense; 3 the chain, a verifier or a
daemon does not answer; 4 refused; 5 not yet, try again later.`

export async function run(
  argv: readonly string[],
  io: Io,
  nouns: readonly Noun[] = nounsWith(run),
): Promise<number> {
  const json = argv.includes('--json')
  try {
    await program(io, nouns).parseAsync([...argv], { from: 'user' })
    return EXIT.ok
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    const exit = exitOf(error)
    const isPrinted = error instanceof CliError && error.isPrinted
    if (json && !isPrinted) io.out(jsonText({ error: { exit, message: sentenceOf(error) } }))
    io.err(`piecework: ${sentenceOf(error)}`)
    return EXIT[exit]
  }
}

function program(io: Io, nouns: readonly Noun[]): Command {
  const root = new Command('piecework')
    .description(
      'An open network in which anyone earns tokens for verifiable work, and anyone with a budget buys it.',
    )
    .addHelpText('after', EXIT_HELP)
  speakThrough(root, io)
  for (const { noun, about, verbs } of nouns) {
    const [only] = verbs
    if (verbs.length === 1 && only?.words.startsWith('.')) {
      addVerb(root, { ...only, words: only.words.replace('.', noun) }, io)
      continue
    }
    const command = root.command(noun).description(about)
    speakThrough(command, io)
    for (const verb of verbs) addVerb(command, verb, io)
  }
  return root
}

function addVerb(parent: Command, verb: Verb, io: Io): void {
  const command = parent.command(verb.words).description(verb.about)
  speakThrough(command, io)
  for (const { flags, about, many } of verb.options) {
    if (many === true)
      command.option(flags, about, (value: string, before: string[]) => [...before, value], [])
    else command.option(flags, about)
  }
  command.option('--json', 'print JSON, for programs')
  const examples = verb.examples.map((line) => `  ${line}`).join('\n')
  command.addHelpText('after', `\nFor example:\n${examples}`)
  const names = command.registeredArguments.map((one) => one.name())
  command.action(async (...typed: unknown[]) => {
    const given = Object.fromEntries(names.map((name, at) => [name, typed[at]]))
    const options: Record<string, unknown> = command.opts()
    await verb.run(new Context(io, options['json'] === true), { ...options, ...given })
  })
}

/** Help goes to standard output, mistakes to standard error; nothing ends the process by itself. */
function speakThrough(command: Command, io: Io): void {
  command
    .exitOverride()
    .showHelpAfterError('(add --help for an example)')
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.err(text.trimEnd()),
    })
}
