// Every command explains itself, and ends with the code that is documented.
import { describe, expect, it } from 'vitest'
import { EXIT } from '../src/errors.ts'
import { nounsWith } from '../src/verbs/nouns.ts'
import { piecework } from './support/io.ts'

const folder = import.meta.dirname
const nouns = nounsWith(async () => 0)
const verbs = nouns.flatMap(({ noun, verbs }) =>
  verbs.map((verb) => {
    const [word = '', ...args] = verb.words.split(' ')
    return { name: word === '.' ? [noun] : [noun, word], args, verb }
  }),
)

describe('help', () => {
  it('lists every noun, and the exit codes', async () => {
    const { code, out } = await piecework({ folder }, '--help')
    expect(code).toBe(EXIT.ok)
    for (const { noun } of nouns) expect(out.join('\n')).toContain(`  ${noun}`)
    expect(out.join('\n')).toContain('Exit codes: 0 done')
  })

  it.each(verbs.map((one) => [one.name.join(' '), one] as const))('of %s has an example', async (_, one) => {
    const { code, out } = await piecework({ folder }, ...one.name, '--help')
    expect(code).toBe(EXIT.ok)
    expect(out.join('\n')).toContain('--json')
    for (const example of one.verb.examples) {
      expect(example.startsWith(`piecework ${one.name.join(' ')}`)).toBe(true)
      expect(out.join('\n')).toContain(example)
    }
    expect(one.verb.examples.length).toBeGreaterThan(0)
  })

  it('takes no secret as a flag: keys are files', () => {
    const flags = verbs.flatMap(({ verb }) => verb.options.map((option) => option.flags))
    expect(flags.filter((flag) => /secret|passphrase|password|private/i.test(flag))).toEqual([])
    for (const flag of flags.filter((one) => /^--(key|operator)\b/.test(one)))
      expect(flag).toContain('<file>')
  })
})

describe('mistakes', () => {
  it.each([
    [['nothing'], "unknown command 'nothing'"],
    [['job', 'post'], "missing required argument 'folder'"],
    [['job', 'list', '--fast'], "unknown option '--fast'"],
    [['job', 'close', 'first', '--key', 'x'], '--job is no whole number'],
    [['job', 'close', '0'], '--key is needed'],
    [['job', 'list'], 'Which network?'],
    [['job', 'list', '--network', 'pw1nonsense'], 'This is no invite'],
    [['job', 'list', '--network', 'gone.yaml'], 'gone.yaml'],
    [['key', 'show', 'gone.json'], 'there is no such file'],
    [['node', 'start', 'gone'], 'node.yaml'],
    [['network', 'fund', 'nobody', '--key', 'x'], '--address is no address'],
  ])('%s: %s', async (argv, says) => {
    const { code, out, err } = await piecework({ folder }, ...argv)
    expect(code).toBe(EXIT.usage)
    expect(err.join('\n')).toContain(says)
    expect(out).toEqual([])
  })

  it('are JSON too where that is asked for', async () => {
    const { code, json } = await piecework({ folder }, 'job', 'list', '--json')
    expect(code).toBe(EXIT.usage)
    expect(json()).toMatchObject({ error: { exit: 'usage' } })
  })
})
