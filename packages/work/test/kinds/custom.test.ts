// The kind custom: the contract of all kinds, the example that nobody foresaw, and a contributor's program in Python.
import { spawnSync } from 'node:child_process'
import { contractOf } from '@piecework/work/contract'
import { describe, expect, it } from 'vitest'
import { type Answers, type OpenJob, startProgram, type WorkContext } from '../../src/index.ts'
import { kind } from '../../src/kinds/custom/kind.ts'
import { readOutput, writeOutput } from '../../src/kinds/custom/score.ts'
import { built, contentBeside, fileOf, jobOf, pathOf } from '../support/examples.ts'
import { testSandbox } from '../support/sandbox.ts'

interface Work {
  readonly check: object
}

const spec = jobOf('brightest').work as Work
const content = contentBeside('brightest')
const tiles = fileOf('brightest', 'tiles.bin')
const bytes = (text: string) => new TextEncoder().encode(text)
const utf8 = (of: Uint8Array | undefined) => new TextDecoder().decode(of)

/** Finds the brightest spot as the text says, in our own words. */
function brightest(tile: Uint8Array): string {
  const bright = (x: number, y: number) =>
    [-1, 0, 1]
      .flatMap((dy) => [-1, 0, 1].map((dx) => tile[(y + dy) * 64 + x + dx] ?? 0))
      .reduce((a, b) => a + b)
  const spots = Array.from({ length: 62 * 62 }, (_, i) => ({ x: 1 + (i % 62), y: 1 + Math.floor(i / 62) }))
  const best = spots.reduce((a, b) => (bright(b.x, b.y) > bright(a.x, a.y) ? b : a))
  return `${best.x} ${best.y}\n`
}

/** Answers all questions in the same way. */
function answering(answer: (tile: Uint8Array) => unknown): Answers {
  return {
    ask: async ({ question, accept }) => {
      const [shown] = question.shown
      const tile = shown?.type === 'bytes' ? Buffer.from(shown.base64, 'base64') : new Uint8Array()
      return accept({ answer: answer(tile) })
    },
  }
}

const context = (answers?: Answers): WorkContext => ({
  sandbox: testSandbox(),
  content,
  ...(answers && { answers }),
})
const seed = new Uint8Array(32).fill(5)

describe('the contract of all kinds', () => {
  const badSpecs = [
    { spec: { ...spec, check: { ...spec.check, module: 'check' } }, says: 'module' },
    { spec: { ...spec, check: undefined }, says: 'check' },
    { spec: { ...spec, pass: 0 }, says: 'pass' },
    { spec: { ...spec, pieces: { each: 'block', of: 'tiles' } }, says: 'pieces' },
    { spec: { ...spec, answer: { type: 'video' } }, says: 'answer' },
    { spec: { ...spec, instructions: '' }, says: 'instructions' },
  ]
  const machine = async () => context(answering(brightest))
  for (const { name, run } of contractOf({ kind, spec, badSpecs, tasks: [0, 11], machine })) it(name, run)
})

describe('the example job', () => {
  it('has a check that is built from its source to the same bytes, and the tiles that its script makes', async () => {
    expect(Buffer.from(await built('brightest', 'check')).equals(fileOf('brightest', 'check.wasm'))).toBe(
      true,
    )
    const made = spawnSync(process.execPath, [pathOf('brightest', 'make-tiles.ts')])
    expect(made.stdout.equals(tiles)).toBe(true)
  })

  it.each([
    ['', 0],
    ['5', 0],
    ['05 5\n', 0],
    ['5 5\n ', 0],
    ['0 5\n', 0],
    ['5 63\n', 0],
    ['123 5\n', 0],
    ['5\n5\n', 0],
  ])('gives %j nothing', async (answer, score) => {
    const claimed = writeOutput(1_000_000, bytes(answer))
    const verdict = await kind.open(spec).check?.(0, { units: 1, output: claimed }, { ...context(), seed })
    expect(verdict).toMatchObject({ passed: false, why: `the job's check gives it ${score} millionths` })
  })

  it('never lets an answer that does not pass become an output', async () => {
    const job = kind.open(spec)
    for (const answer of ['1 1\n', 'the middle', 7, undefined])
      await expect(job.perform?.(0, context(answering(() => answer)))).rejects.toMatchObject({
        code: 'answer/invalid',
      })
    await expect(job.perform?.(0, context())).rejects.toMatchObject({ code: 'answers/none' })
  })
})

describe('a job that takes less than the best', () => {
  const graded = kind.open({ ...spec, pass: 100_000, unitsOfAll: 100 })

  it('pays by the score, and fails who claims a higher one', async () => {
    const output = (await graded.perform?.(0, context(answering(() => '30 30\n')))) ?? new Uint8Array()
    const { score = 0, answer = new Uint8Array() } = readOutput(output) ?? {}
    expect(score).toBeLessThan(1_000_000)
    expect(graded.units(output)).toBe(Math.ceil(score / 10_000))
    const verdictOf = (claimed: Uint8Array) =>
      graded.check?.(0, { units: graded.units(claimed), output: claimed }, { ...context(), seed })
    expect(await verdictOf(output)).toMatchObject({ passed: true })
    expect(await verdictOf(writeOutput(score + 1, answer))).toMatchObject({ passed: false })
    expect(graded.result(output)).toEqual({ score, text: '30 30\n' })
  })
})

/** What runs until the test ends. */
async function withProgram<T>(
  code: string,
  work: (answers: Answers, complaints: string[]) => Promise<T>,
): Promise<T> {
  const complaints: string[] = []
  const program = startProgram({
    command: process.execPath,
    args: ['--eval', code],
    complain: (line) => complaints.push(line),
  })
  try {
    return await work(program, complaints)
  } finally {
    await program.stop()
  }
}

const PER_LINE = (reply: string) =>
  `require('readline').createInterface({ input: process.stdin }).on('line', (line) => { const message = JSON.parse(line); ${reply} })`
const SAY = (what: string) => `console.log(JSON.stringify({ id: message.id, ${what} }))`

describe('a program that answers', () => {
  const job: OpenJob = kind.open(spec)

  it('may answer in any order', async () => {
    const code = `const held = []; ${PER_LINE(
      "held.push(message); if (held.length === 2) for (const message of held.reverse()) console.log(JSON.stringify({ id: message.id, answer: { answer: 'x' + message.question.shown[0].base64.length } }))",
    )}`
    const accept = async (answer: unknown) => bytes(JSON.stringify(answer))
    const question = { instructions: '?', fields: [], floor: 0 }
    const asked = (length: number) => ({
      accept,
      question: {
        ...question,
        shown: [{ name: 'task', type: 'bytes' as const, base64: 'a'.repeat(length) }],
      },
    })
    const outputs = await withProgram(code, (answers) =>
      Promise.all([answers.ask(asked(1)), answers.ask(asked(2))]),
    )
    expect(outputs.map(utf8)).toEqual(['{"answer":"x1"}', '{"answer":"x2"}'])
  })

  it('is told what is wrong with its answer, three times at most', async () => {
    await withProgram(PER_LINE(SAY("answer: { answer: '1 1\\n' }")), async (answers, complaints) => {
      await expect(job.perform?.(0, context(answers))).rejects.toMatchObject({
        code: 'answers/none',
        message: expect.stringContaining('3 answers that are none'),
      })
      expect(complaints).toHaveLength(3)
    })
  })

  it('may leave a task undone, write nonsense, or end', async () => {
    const nonsense = `console.log('not JSON'); console.log('{"id": 77, "answer": 1}'); ${PER_LINE(SAY("skip: 'too dark'"))}`
    await withProgram(nonsense, async (answers, complaints) => {
      await expect(job.perform?.(0, context(answers))).rejects.toMatchObject({
        message: expect.stringContaining('too dark'),
      })
      expect(complaints).toEqual([expect.stringContaining('not JSON'), expect.stringContaining('77')])
    })
    await withProgram(PER_LINE('process.exit(3)'), async (answers) => {
      await expect(job.perform?.(0, context(answers))).rejects.toMatchObject({
        message: expect.stringContaining('code 3'),
      })
      await expect(job.perform?.(0, context(answers))).rejects.toMatchObject({ code: 'answers/none' })
    })
  })

  it('may answer ten times at once, answer every error, or never end a line: nothing goes on for ever', async () => {
    const ten = PER_LINE(`for (let i = 0; i < 10; i++) ${SAY("answer: { answer: '1 1\\n' }")}`)
    await withProgram(ten, async (answers) => {
      await expect(job.perform?.(0, context(answers))).rejects.toMatchObject({ code: 'answers/none' })
      await expect(job.perform?.(1, context(answers))).rejects.toMatchObject({ code: 'answers/none' })
    })
    const endless = PER_LINE("const more = () => process.stdout.write('x'.repeat(65536), more); more()")
    await withProgram(endless, async (answers, complaints) => {
      await expect(job.perform?.(0, context(answers))).rejects.toMatchObject({ code: 'answers/none' })
      expect(complaints[0]).toContain('without an end of a line')
    })
  })

  const python = spawnSync('python3', ['--version']).status === 0
  it.runIf(python)('in Python does the example job, and every check agrees', async () => {
    const program = startProgram({
      command: 'python3',
      args: [pathOf('brightest', 'contributor.py')],
      complain: (line) => expect.unreachable(line),
    })
    try {
      const here = context(program)
      const outputs = await Promise.all([0, 1, 2, 3].map((task) => job.perform?.(task, here)))
      for (const [task, output = new Uint8Array()] of outputs.entries()) {
        const tile = tiles.subarray(task * 4_096, (task + 1) * 4_096)
        expect(job.result(output)).toEqual({ score: 1_000_000, text: brightest(tile) })
        expect(await job.check?.(task, { units: 1, output }, { ...here, seed })).toMatchObject({
          passed: true,
        })
      }
    } finally {
      await program.stop()
    }
  })
  it.runIf(!python)('in Python cannot be tried here', () => {
    console.log('there is no python3 on this machine, so the program in Python was not run')
  })
})
