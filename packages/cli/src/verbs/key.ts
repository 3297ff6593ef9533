// key: key files in the form of Solana's command line.
import { resolve } from 'node:path'
import { readKeyFile, writeKeyFile } from '@piecework/api'
import { signerFromSecret } from '@piecework/chain'
import { z } from 'zod'
import { text } from '../common/input.ts'
import { defineVerb, type Noun, type Verb } from '../verb.ts'

const SECRET_BYTES = 32

const make: Verb = defineVerb({
  words: 'new <file>',
  about: 'make a key: a file that only you can read, never written over',
  options: [],
  examples: ['piecework key new wallet.json'],
  input: z.object({ file: text }),
  async run(context, { file }) {
    const path = resolve(context.io.folder, file)
    const secret = context.io.randomBytes(SECRET_BYTES)
    await writeKeyFile(path, secret)
    const { address } = signerFromSecret(secret)
    context.print({ address, file: path }, [
      address,
      `Its key is in ${path}: keep a copy where nobody else can read it.`,
    ])
  },
})

const show: Verb = defineVerb({
  words: 'show <file>',
  about: 'the address of a key: not secret, for giving to others',
  options: [],
  examples: ['piecework key show wallet.json'],
  input: z.object({ file: text }),
  async run(context, { file }) {
    const { address } = signerFromSecret(await readKeyFile(resolve(context.io.folder, file)))
    context.print({ address }, [address])
  },
})

export const key: Noun = { noun: 'key', about: 'make key files, show their addresses', verbs: [make, show] }
