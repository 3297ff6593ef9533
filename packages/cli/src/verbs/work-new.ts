// work new: the beginning of a kind of work of one's own.
import { join, resolve } from 'node:path'
import { scaffoldKind } from '@piecework/work'
import { z } from 'zod'
import { writeNew } from '../common/files.ts'
import { text } from '../common/input.ts'
import { installedKinds } from '../common/kinds.ts'
import { CliError } from '../errors.ts'
import { defineVerb, type Verb } from '../verb.ts'

export const newKind: Verb = defineVerb({
  words: 'new <name>',
  about: 'write a package with a kind of work that works, its tests and a job, to be changed',
  options: [],
  examples: ['piecework work new wordsort'],
  input: z.object({ name: text }),
  async run(context, { name }) {
    const { all } = await installedKinds()
    if (all.some((kind) => kind.name === name))
      throw new CliError('usage', `There is a kind ${name} already: give yours another name.`)
    const files = await scaffoldKind(name)
    const folder = resolve(context.io.folder, name)
    for (const [file, content] of files) await writeNew(join(folder, file), content)
    context.print({ folder, files: [...files.keys()] }, [
      `${folder} has a kind that puts the words of a line in order, and its tests.`,
      'Change kind.ts, and run the tests: node --test kind.test.ts',
    ])
  },
})
