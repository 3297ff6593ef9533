// Kinds of work that need no sandbox: what is right follows from the job and the task alone.

import { createHash } from 'node:crypto'
import {
  concat,
  type Evidence,
  equalBytes,
  type Job,
  type JudgeInput,
  type Judgement,
  type KindRules,
  type Row,
  SCORE_ONE,
  toHex,
  u32le,
  type Work,
} from '@piecework/protocol'

export const TOY_KINDS = { exact: 1, across: 2, open: 3, measured: 4 } as const

/** Draw rates as the design has them: 0.05 by default, 1 for open kinds. */
export function toyRules(rate = 50_000): KindRules[] {
  return [
    { kind: TOY_KINDS.exact, version: 1, allocation: 'dealt', checking: 'exact', rate, cap: 0 },
    { kind: TOY_KINDS.across, version: 1, allocation: 'dealt', checking: 'across', rate, cap: 0 },
    { kind: TOY_KINDS.open, version: 1, allocation: 'open', checking: 'exact', rate: 1_000_000, cap: 5 },
    {
      kind: TOY_KINDS.measured,
      version: 1,
      allocation: 'standing',
      checking: 'measured',
      rate: 1_000_000,
      cap: 1,
    },
  ]
}

function sha256(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(createHash('sha256').update(concat(parts)).digest())
}

/** The output of an honest contributor. */
export function rightOutput(job: number, task: number): Uint8Array {
  return sha256([u32le(job), u32le(task), new TextEncoder().encode('output')])
}

/** What only checking this output under this seed can give. */
export function traceOf(seed: Uint8Array, output: Uint8Array): Uint8Array {
  return sha256([seed, output, new TextEncoder().encode('trace')])
}

export function isRight(row: Pick<Row, 'job' | 'task'>, output: Uint8Array): boolean {
  return equalBytes(rightOutput(row.job, row.task), output)
}

export const toyWork: Work = {
  eligible: () => undefined,
  asks: () => [],
  skills: () => new Uint8Array(),
  contradicts: (_job: Job, row: Row, { output }: Evidence) => !isRight(row, output),
  hasKnown: () => false,
  judge: judgeByMajority,
}

/** The answer that most outside trial gave, of all if there is none outside; whoever gave it scores one. */
function judgeByMajority({ memory, tasks }: JudgeInput): Judgement {
  const judged = tasks.map(({ known, result, answers }) => {
    const weighty = answers.some(({ trial }) => !trial) ? answers.filter(({ trial }) => !trial) : answers
    const right = known ?? result ?? mostFrequent(weighty.map(({ output }) => output))
    const scores = answers.map(({ output }) => (toHex(output) === toHex(right) ? SCORE_ONE : 0))
    return { result: right, scores }
  })
  return { tasks: judged, memory }
}

function mostFrequent(outputs: readonly Uint8Array[]): Uint8Array {
  const counts = [...Map.groupBy(outputs, toHex)].map(([hex, same]) => ({ hex, same }))
  counts.sort((a, b) => b.same.length - a.same.length || (a.hex < b.hex ? -1 : 1))
  return counts[0]?.same[0] ?? new Uint8Array()
}
