// local: everything on this machine.
import { join, resolve } from 'node:path'
import type { Daemon } from '@piecework/api'
import { SLOT_MS } from '@piecework/chain'
import type { Localnet } from '@piecework/localnet'
import { programBytes } from '@piecework/program'
import { z } from 'zod'
import { linesOfStatus } from '../common/daemon-config.ts'
import { optionalText, text, wholeNumber } from '../common/input.ts'
import { PROGRAM_ADDRESS } from '../common/program.ts'
import { logOf, serve } from '../common/serve.ts'
import { CliError } from '../errors.ts'
import type { RunHere } from '../local/commands.ts'
import { defineVerb, type Noun, type Verb } from '../verb.ts'

const chain: Verb = defineVerb({
  words: 'chain',
  about: 'a local Solana chain with the program on it; its founder key has a million SOL',
  options: [
    { flags: '--folder <folder>', about: 'keeps the chain, and goes on with the one that is there' },
    { flags: '--host <address>', about: 'what to listen on (127.0.0.1)' },
    { flags: '--port <number>', about: 'for HTTP; the next one takes WebSocket (8899; 0 for any)' },
    { flags: '--slot-ms <number>', about: `milliseconds per slot (${SLOT_MS})` },
  ],
  examples: ['piecework local chain --folder chain'],
  input: z.object({
    folder: text,
    host: text.default('127.0.0.1'),
    port: wholeNumber.default(8_899),
    slotMs: wholeNumber.default(SLOT_MS),
  }),
  async run(context, { folder, host, port, slotMs }) {
    const ledger = resolve(context.io.folder, folder)
    const programs = [{ address: PROGRAM_ADDRESS, elf: programBytes() }]
    let localnet: Localnet | undefined
    const daemon: Daemon = {
      async start() {
        // It holds a whole virtual machine: only for this command.
        const { startLocalnet } = await import('@piecework/localnet')
        localnet = await startLocalnet({ host, port, slotMs, ledger, programs })
      },
      stop: async () => localnet?.stop(),
    }
    const started = (): void => {
      const { url = '', keyFile = '', fundedAddress = '' } = localnet ?? {}
      context.print({ url, key: keyFile, address: fundedAddress, program: PROGRAM_ADDRESS }, [
        `chain    ${url}`,
        `key      ${keyFile} (${fundedAddress}, a million SOL)`,
        `program  ${PROGRAM_ADDRESS}`,
        'Ctrl-C stops it.',
      ])
    }
    await serve(context, { daemon, log: logOf(context, 'chain'), started })
  },
})

const EXAMPLES = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'examples')

function startWith(run: RunHere): Verb {
  return defineVerb({
    words: 'start',
    about:
      'a whole network on this machine: chain, verifiers, settlers, contributors, and a requester with two jobs',
    options: [
      { flags: '--epochs <number>', about: 'stop when so many epochs are final, paid and claimed' },
      { flags: '--folder <folder>', about: 'a new folder, where everything is kept, with all logs' },
    ],
    examples: ['piecework local start', 'piecework local start --epochs 4 --json'],
    input: z.object({ epochs: wholeNumber.optional(), folder: optionalText }),
    async run(context, { epochs, folder: given }) {
      const folder = given && resolve(context.io.folder, given)
      const { runLocal } = await import('../local/local.ts')
      const summary = await runLocal(context, { epochs, examples: EXAMPLES, run, folder })
      if (summary === undefined) return
      context.print(summary, linesOfStatus(summary))
      if (!summary.conserved) throw new CliError('failed', 'The books do not add up.', { isPrinted: true })
      if (!summary.complete) {
        const message = `Not all claims and results came in: ${summary.missing.join('; ')}.`
        throw new CliError('failed', message, { isPrinted: true })
      }
    },
  })
}

export function localWith(run: RunHere): Noun {
  const about = 'a whole network, or its chain alone, on this machine'
  return { noun: 'local', about, verbs: [startWith(run), chain] }
}
