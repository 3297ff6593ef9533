// The example jobs that people do, in a terminal: what they see is there, and what they type is an answer.
import { join } from 'node:path'
import { toHex } from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
import { installedKinds } from '../src/common/kinds.ts'
import { readJobFile } from '../src/job/job-file.ts'
import { formOf, isFilled, type Key, press } from '../src/work/form.ts'
import { linesOfQuestion } from '../src/work/show.ts'

const examples = join(import.meta.dirname, '..', '..', '..', 'docs', 'examples')
const kinds = await installedKinds()
const RETURN: Key = { name: 'return', text: '', ctrl: false }

const keysOf = (typed: string): readonly Key[] =>
  [...typed].map((text) => (text === '\n' ? RETURN : { name: text, text, ctrl: false }))

const REASON = 'It says what to do, by when, and who pays.'

/** Keys for the first task, a new line for return; and what they come to. */
const PLAYED = [
  ['birds', '1', { answer: 'robin' }],
  ['allergens-test', '123\n', { answer: ['eggs', 'gluten', 'milk'] }],
  ['allergens', '15\n', { answer: ['gluten', 'soya'] }],
  ['meters', '004217\n', { answer: '004217' }],
  ['shelves', 'gap 80 96 40 56\n\n', { answer: [{ label: 'gap', x: 80, y: 96, width: 40, height: 56 }] }],
  ['titles', '2', { better: 'second' }],
  ['replies', `5\n${REASON}\n`, { grade: 5, reason: REASON }],
  ['notices', 'Fill bottles: no water on 12 May.\n', { text: 'Fill bottles: no water on 12 May.' }],
] as const

describe('the examples that people do', () => {
  it.each(PLAYED)('%s is answered by keyboard', async (name, typed, result) => {
    const { spec, content } = await readJobFile(join(examples, name), { kinds })
    const get = async (hash: Uint8Array): Promise<Uint8Array> => {
      const bytes = content.get(toHex(hash))
      if (bytes === undefined) throw new Error(`${name} has no ${toHex(hash)}`)
      return bytes
    }
    const { job } = spec
    const question = await job.present?.(0, { get })
    if (question === undefined) throw new Error(`${name} asks nobody`)
    const form = keysOf(typed).reduce(press, formOf(question.fields))
    expect(form.said).toBe('')
    expect(isFilled(form)).toBe(true)
    const output = await job.accept?.(0, form.draft.values, { get })
    expect(job.result(output ?? new Uint8Array())).toEqual(result)
    const images: string[] = []
    const imageAt = (hash: string): string => {
      images.push(hash)
      return hash
    }
    const seen = linesOfQuestion({ title: spec.title, task: 0, question, imageAt })
    expect(seen.length).toBeGreaterThan(3)
    // All that is shown is content of the job, and so held by verifiers.
    const held = new Set(job.needs().map(toHex))
    expect(images.filter((hash) => !held.has(hash))).toEqual([])
    for (const hash of images) await expect(get(Buffer.from(hash, 'hex'))).resolves.toBeDefined()
  })

  it('show pictures in what they say and in what they ask about', async () => {
    for (const name of ['meters', 'shelves']) {
      const { spec, content } = await readJobFile(join(examples, name), { kinds })
      const question = await spec.job.present?.(0, {
        get: async (hash) => content.get(toHex(hash)) ?? new Uint8Array(),
      })
      expect(question?.instructions).toMatch(/!\[[^\]]+\]\(sha256:[0-9a-f]{64}\)/)
      expect(question?.shown).toMatchObject([{ name: 'item image', type: 'image' }])
    }
  })
})
