// known.jsonl: which answers are taken, what is said of them, and that they stay on this machine.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readOrMakeKeyFile } from '@piecework/api'
import { toHex } from '@piecework/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { installedKinds } from '../src/common/kinds.ts'
import { readJobFile } from '../src/job/job-file.ts'
import { piecework } from './support/io.ts'

const birds = join(import.meta.dirname, '..', '..', '..', 'docs', 'examples', 'birds')
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'piecework-known-'))
  cpSync(birds, folder, { recursive: true })
  const file = join(folder, 'job.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace('# known:', 'known:'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const know = (...lines: readonly (object | string)[]): void =>
  writeFileSync(
    join(folder, 'known.jsonl'),
    lines.map((one) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`).join(''),
  )
const secretOf = (file: string) => readOrMakeKeyFile(file, (bytes) => new Uint8Array(bytes).fill(7))
const read = async () => readJobFile(folder, { kinds: await installedKinds(), secretOf })

describe('known answers beside a job', () => {
  it('are committed to in its spec, with a key that is made once, for its owner alone', async () => {
    const { spec, known, specHash, content } = await read()
    expect(toHex(spec.known?.root ?? new Uint8Array())).toBe(known?.committed.root)
    expect(spec.known).toMatchObject({ tasks: 8, keeper: known?.key.publicKey })
    expect(known?.answers.size).toBe(4)
    expect(known?.warnings).toEqual([])
    expect(statSync(join(folder, 'keeper.json')).mode & 0o777).toBe(0o600)
    expect((await read()).specHash).toEqual(specHash)
    const uploaded = [...content.values()].map((bytes) => Buffer.from(bytes).toString('hex'))
    for (const name of ['known.jsonl', 'keeper.json'])
      expect(uploaded).not.toContain(readFileSync(join(folder, name)).toString('hex'))
    know({ task: 1, answer: 'tit' })
    expect((await read()).specHash).not.toEqual(specHash)
  })

  it.each([
    ['{"task": 0', 'line 1: It is no line such as'],
    ['[]', 'It is no line such as'],
    ['{"task": -1, "answer": "robin"}', 'It is no line such as'],
    ['{"task": 8, "answer": "robin"}', 'The job has 8 tasks, 0 to 7, and this is task 8'],
    ['{"task": 0, "answer": "dodo"}', 'line 1: This is no answer to the task'],
    ['{"task": 0, "answer": "robin", "sure": true}', 'This is no answer to the task'],
    [
      '{"task": 0, "answer": "robin"}\n\n{"task": 0, "answer": "tit"}',
      'line 3: Task 0 has an answer already',
    ],
    ['', 'knows no answer'],
  ])('are refused where they are wrong: %s', async (text, why) => {
    know(text)
    await expect(read()).rejects.toThrow(why)
    expect(readdirSync(folder)).not.toContain('keeper.json')
  })

  it('have to be there, of a kind that people answer, and are no inputs', async () => {
    const job = readFileSync(join(folder, 'job.yaml'), 'utf8')
    const withJob = async (text: string) => {
      writeFileSync(join(folder, 'job.yaml'), text)
      return read()
    }
    await expect(withJob(job.replace('known: known.jsonl', 'known: gone.jsonl'))).rejects.toThrow(
      'no such file',
    )
    await expect(withJob(job.replace('known: known.jsonl', 'known: ../known.jsonl'))).rejects.toThrow(
      'is no name of a file',
    )
    await expect(withJob(job.replace('items: items.txt', 'items: known.jsonl'))).rejects.toThrow('are public')
    const primes = join(birds, '..', 'primes')
    cpSync(primes, folder, { recursive: true })
    const plain = readFileSync(join(primes, 'job.yaml'), 'utf8')
    await expect(withJob(`known: known.jsonl\n${plain}`)).rejects.toThrow('have no known answers')
  })

  it('say how many they are, and where workers could tell them apart', async () => {
    const check = async () => piecework({ folder }, 'job', 'check', '.', '--json')
    expect((await check()).json()).toMatchObject({ known: { tasks: 4, percent: 50, warnings: [] } })
    expect(readdirSync(folder)).not.toContain('keeper.json')
    const told = async (...answers: readonly (readonly [task: number, answer: string])[]) => {
      know(...answers.map(([task, answer]) => ({ task, answer })))
      return (await read()).known?.warnings.join(' ') ?? ''
    }
    expect(await told([3, 'tit'])).toContain('They are few')
    expect(await told([0, 'tit'], [2, 'robin'], [4, 'tit'], [6, 'tit'])).toContain('even distances')
    expect(await told([0, 'tit'], [1, 'tit'], [4, 'tit'], [6, 'tit'])).toContain('All have the same answer')
    const most = [0, 1, 2, 4, 7].map((task) => [task, task === 0 ? 'tit' : 'robin'] as const)
    expect(await told(...most)).toContain('more than half')
    expect(await told(...most)).not.toContain('one epoch')
    const file = join(folder, 'job.yaml')
    writeFileSync(file, readFileSync(file, 'utf8').replace('tasks: 8', 'tasks: 40000'))
    expect(await told(...most)).toContain('more than one epoch opens')
  })
})

it('job keep refuses a folder without its key, and one without known answers', async () => {
  const network = ['--network', 'pw1x']
  const gone = await piecework({ folder }, 'job', 'keep', '0', '--folder', '.', ...network)
  expect({ code: gone.code, err: gone.err.join() }).toMatchObject({ code: 2 })
  expect(gone.err.join()).toContain('keeper.json')
})
