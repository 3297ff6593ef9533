// From evidence and specs to what the protocol's pure computation asks, synchronously.
import { createHash } from 'node:crypto'
import {
  concat,
  type Evidence,
  type Job,
  keyFromSecret,
  type Row,
  readSkills,
  rowCommit,
  SCORE_ONE,
  signBatch,
  toHex,
  ZERO_HASH,
} from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
import {
  JobSpecs,
  judgeEvidence,
  Kinds,
  keeperOf,
  loadKinds,
  type OpenJob,
  readJobSpec,
  Verdicts,
  WorkError,
  workOf,
  writeJobSpec,
} from '../src/index.ts'
import { kind } from '../src/kinds/compute/kind.ts'
import { kind as judge } from '../src/kinds/judge/kind.ts'
import { kind as label } from '../src/kinds/label/kind.ts'
import { alignContent, file } from './support/align.ts'
import { json } from './support/crowd.ts'
import { testSandbox } from './support/sandbox.ts'

const kinds = new Kinds([kind])
const networkId = new Uint8Array(32).fill(1)
const key = keyFromSecret(new Uint8Array(32).fill(2))
const context = { sandbox: testSandbox(), content: alignContent }
const wallets = [3, 4].map((byte) => new Uint8Array(32).fill(byte))
const allowRoot = new Uint8Array(32).fill(9)

const example = JSON.parse(new TextDecoder().decode(file('job.json')))
const specs = {
  plain: writeJobSpec(example),
  picky: writeJobSpec({ ...example, requires: [{ name: 'country', value: 'NL' }] }),
  broken: writeJobSpec({ ...example, work: { module: 'x' } }),
  other: writeJobSpec({ ...example, kind: 'web' }),
  noJson: new TextEncoder().encode('kind: compute'),
}
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const held = new Map([
  ...Object.values(specs).map((bytes) => [toHex(sha256(bytes)), bytes] as const),
  [toHex(allowRoot), concat(wallets)] as const,
])
const jobSpecs = new JobSpecs(kinds, { get: (hash) => held.get(toHex(hash)) })

function jobWith(spec: Uint8Array, more: Partial<Job> = {}): Job {
  return {
    index: 0,
    requester: ZERO_HASH,
    kind: kind.id,
    rule: 'piece',
    price: 1n,
    capPrice: 0n,
    tasks: 20,
    replicas: 1,
    maxUnits: 1,
    leaseEpochs: 2,
    verifierBps: 0,
    settleBps: 0,
    deposit: 100n,
    specHash: sha256(spec),
    allowRoot: ZERO_HASH,
    ...more,
  }
}

function hold(spec: object): Uint8Array {
  const bytes = writeJobSpec(spec)
  held.set(toHex(sha256(bytes)), bytes)
  return bytes
}

const job = jobWith(specs.plain)

/** A signed batch with one row for task 0, opened. */
function evidenceOf(output: Uint8Array, units = 1): { row: Row; evidence: Evidence } {
  const salt = new Uint8Array(32).fill(5)
  const commit = rowCommit({ nodeKey: key.publicKey, salt, output })
  const row = { job: 0, task: 0, units, at: 0, commit }
  const batch = { networkId, epoch: 3, nodeKey: key.publicKey, seq: 0, prev: ZERO_HASH, rows: [row] }
  const first = signBatch(batch, (hash) => key.sign(hash))
  return { row, evidence: { what: 'row', first, second: new Uint8Array(), row: 0, salt, output } }
}

async function judged(
  questions: readonly { readonly row: Row; readonly evidence: Evidence }[],
  open: () => OpenJob | undefined = () => jobSpecs.of(job)?.job,
) {
  const verdicts = new Verdicts()
  const specOf = async (asked: Job) => {
    const spec = jobSpecs.of(asked)
    const opened = open()
    return spec && opened && { ...spec, job: opened }
  }
  await judgeEvidence(verdicts, {
    questions: questions.map((question) => ({ ...question, job })),
    specOf,
    context,
  })
  return workOf(jobSpecs, verdicts)
}

describe('evidence', () => {
  it('is judged before, and looked up while the epoch is computed', async () => {
    const honest = (await jobSpecs.of(job)?.job.perform?.(0, context)) ?? new Uint8Array()
    const right = evidenceOf(honest)
    const wrong = evidenceOf(honest.with(12, (honest[12] ?? 0) ^ 1))
    const greedy = evidenceOf(honest, 2)
    const all = [right, wrong, greedy]
    const work = await judged(all)
    expect(all.map(({ row, evidence }) => work.contradicts(job, row, evidence))).toEqual([false, true, true])
  })

  it('of one claim is checked once, whoever shows it', async () => {
    let checks = 0
    const opened = jobSpecs.of(job)?.job
    if (opened === undefined) throw new Error('the example job does not open')
    const check: OpenJob['check'] = async () => {
      checks += 1
      return { passed: true, trace: ZERO_HASH, why: '' }
    }
    const question = evidenceOf(Uint8Array.of(1))
    await judged([question, { ...question }, question], () => ({ ...opened, check }))
    expect(checks).toBe(1)
  })

  it('that was not judged is never guessed', async () => {
    const { row, evidence } = evidenceOf(Uint8Array.of(1))
    const work = await judged([])
    expect(() => work.contradicts(job, row, evidence)).toThrow(/Judge all evidence/)
  })
})

describe('who may do a job', () => {
  const work = workOf(jobSpecs, new Verdicts())
  const node = { index: 0, nodeKey: ZERO_HASH, wallet: ZERO_HASH, attributes: [], skilled: false }
  const dutch = { ...node, attributes: [{ name: 'country', value: 'NL' }] }

  it('is everybody, who has what it requires, or who is on its list', () => {
    expect(work.eligible(job)).toBeUndefined()
    const picky = work.eligible(jobWith(specs.picky))
    expect([picky?.(node), picky?.(dutch)]).toEqual([false, true])
    const listed = work.eligible(jobWith(specs.plain, { allowRoot }))
    expect([listed?.(node), listed?.({ ...node, wallet: wallets[1] ?? ZERO_HASH })]).toEqual([false, true])
  })

  it('is whose account has passed a job, where that is required', () => {
    const passed = { job: 3, answers: 5, right: 0.8 }
    const asking = jobWith(hold({ ...example, requires: [passed, { name: 'country', value: 'NL' }] }))
    expect(work.asks(asking)).toEqual([{ job: 3, answers: 5, right: 800_000 }])
    const may = work.eligible(asking)
    const skilled = { ...dutch, skilled: true }
    expect([may?.(dutch), may?.({ ...node, skilled: true }), may?.(skilled)]).toEqual([false, false, true])
    expect([job, jobWith(specs.picky), jobWith(specs.broken)].map(work.asks)).toEqual([[], [], []])
  })

  it.each([
    ['more answers than are remembered', { job: 3, answers: 501, right: 0.8 }, '<=500'],
    ['none at all', { job: 3, answers: 0, right: 0.8 }, '>=1'],
    ['more than all right', { job: 3, answers: 5, right: 80 }, 'requires[0].right'],
    ['no job', { job: -1, answers: 5, right: 0.8 }, 'requires[0].job'],
    ['half of one', { job: 3, answers: 5 }, 'job: 3, answers: 5, right: 0.8'],
    [
      'both at once',
      { job: 3, answers: 5, right: 0.8, name: 'country', value: 'NL' },
      'job: 3, answers: 5, right: 0.8',
    ],
  ])('is not asked for %s', (_, one, says) => {
    const bytes = writeJobSpec({ ...example, requires: [one] })
    expect(() => readJobSpec(bytes, kinds)).toThrow(says)
  })

  it('is not asked of skill where tasks are dealt to nobody', () => {
    const standing = new Kinds([{ ...kind, allocation: 'standing' }])
    const bytes = writeJobSpec({ ...example, requires: [{ job: 3, answers: 5, right: 0.8 }] })
    expect(() => readJobSpec(bytes, standing)).toThrow(/dealt to nobody/)
  })

  it.each(['broken', 'other', 'noJson'] as const)('is nobody for a spec that is %s', (name) => {
    expect(work.eligible(jobWith(specs[name]))?.(dutch)).toBe(false)
  })

  it('cannot be said of a spec that is not held, or a kind that is not known', () => {
    expect(() => work.eligible(jobWith(Uint8Array.of(7)))).toThrow(/Fetch it first/)
    expect(() => work.eligible(jobWith(specs.plain, { kind: 77 }))).toThrow(/number 77/)
  })
})

describe('skill in a job', () => {
  it('is told by kinds that people do, in the form that the protocol reads', () => {
    const answer = { type: 'one', options: ['cat', 'dog'].map((value) => ({ value, label: value })) }
    const items = toHex(ZERO_HASH)
    const ofKind = new Map<string, unknown>([
      ['label', { instructions: '?', items, answer }],
      ['judge', { instructions: '?', items, answer: { type: 'pairs', count: 2 } }],
    ])
    for (const one of [label, judge]) {
      const across = new JobSpecs(new Kinds([one]), { get: (hash) => held.get(toHex(hash)) })
      const port = workOf(across, new Verdicts())
      const spec = hold({ kind: one.name, title: 'x', work: ofKind.get(one.name) })
      const asked = jobWith(spec, { kind: one.id })
      const outputs =
        one === label ? ['cat', 'cat', 'dog'] : ['first', 'first', 'second'].map((better) => ({ better }))
      const answers = outputs.map((output, node) => {
        return { node, owner: 10 + node, epoch: 0, trial: false, units: 1, output: json(output) }
      })
      const tasks = [{ task: 0, known: undefined, result: undefined, answers }]
      const { memory } = port.judge({ job: asked, memory: new Uint8Array(), tasks })
      expect(readSkills(port.skills({ job: asked, memory }))).toEqual(
        [SCORE_ONE, SCORE_ONE, 0].map((right, i) => ({ owner: 10 + i, answers: 1, right })),
      )
      expect(one.knowsSkill).toBe(true)
    }
  })

  it('is none in kinds that remember none, whatever a memory says', () => {
    const port = workOf(jobSpecs, new Verdicts())
    expect(port.skills({ job, memory: new Uint8Array(24) })).toHaveLength(0)
    expect(kind.knowsSkill).toBe(false)
  })
})

describe('a job judged across nodes', () => {
  const secret = new Uint8Array(32).fill(6)
  const keeper = keeperOf({ answers: new Map([[0, json('dog')]]), tasks: 1, secret })
  const work = { instructions: '?', items: toHex(secret), answer: { type: 'text', most: 9 } }
  const bytes = (known?: object) => writeJobSpec({ kind: 'label', title: 'x', known, work })
  const committed = bytes({ root: toHex(keeper.root), tasks: 1, keeper: toHex(secret) })

  function judged(spec: Uint8Array) {
    const across = new JobSpecs(new Kinds([label]), { get: () => spec })
    const answers = ['cat', 'cat', 'dog'].map((answer, node) => {
      return { node, owner: node, epoch: 0, trial: false, units: 1, output: json(answer) }
    })
    const known = keeper.open([0])[0]?.answers[0]?.answer
    const tasks = [{ task: 0, known, result: undefined, answers }]
    const input = { job: jobWith(spec, { kind: label.id }), memory: new Uint8Array(), tasks }
    return workOf(across, new Verdicts()).judge(input).tasks[0]?.scores
  }

  it('is judged by its kind, with the known answers that its spec commits to and no others', () => {
    expect(judged(committed)).toEqual([0, 0, 200_000])
    expect(judged(bytes())).toEqual([200_000, 200_000, 0])
  })

  it('says whether there are known answers to wait for', () => {
    const says = (spec: Uint8Array) =>
      workOf(new JobSpecs(new Kinds([label]), { get: () => spec }), new Verdicts()).hasKnown(
        jobWith(spec, { kind: label.id }),
      )
    expect([says(committed), says(bytes()), says(Uint8Array.of(1))]).toEqual([true, false, false])
  })
})

describe('kinds', () => {
  it('are the folders that are built in, and packages by name', async () => {
    const other = { ...kind, name: 'knit', id: 900 }
    const load = async (name: string) =>
      name === 'piecework-knit' ? { kind: other } : { kind: await imported(name) }
    const loaded = await loadKinds(['piecework-knit'], load)
    expect(loaded.all.map(({ name }) => name)).toEqual([
      'compute',
      'custom',
      'web',
      'bandwidth',
      'label',
      'judge',
      'knit',
    ])
    expect(loaded.named('knit')).toBe(loaded.numbered(900))
  })

  it('are refused when two have one name, or one is no kind', async () => {
    const load = async (name: string) => (name === 'bad' ? {} : { kind })
    await expect(loadKinds(['bad'], load)).rejects.toThrow(/'bad' exports no/)
    await expect(loadKinds(['compute-again'], load)).rejects.toThrow(WorkError)
  })
})

/** As a main does it: the folder's own file, by its URL. */
async function imported(url: string): Promise<unknown> {
  expect(url).toMatch(/^file:.*\/kinds\/\w+\/kind\.ts$/)
  return (await import(url)).kind
}
