// A kind whose code fails while an epoch is computed.
import { type Job, writeSkills, ZERO_HASH } from '@piecework/protocol'
import { expect, it } from 'vitest'
import { JobSpecs, Kinds, loadKinds, Verdicts, workOf, writeJobSpec } from '../src/index.ts'
import type { Kind } from '../src/kind.ts'

const label = (await loadKinds([], (name) => import(name))).named('label')
const answer = { type: 'one', options: ['cat', 'dog'].map((value) => ({ value, label: value })) }
const work = { instructions: '?', items: Buffer.from(ZERO_HASH).toString('hex'), answer }
const spec = writeJobSpec({ kind: 'label', title: 'x', work })
const failing: Kind = {
  ...label,
  open: (given) => ({
    ...label.open(given),
    skills: () => {
      throw new Error('it fails')
    },
  }),
}
const job: Job = {
  ...{ index: 0, requester: ZERO_HASH, kind: label.id, rule: 'piece', price: 1n, capPrice: 0n, tasks: 20 },
  ...{ replicas: 1, maxUnits: 1, leaseEpochs: 2, verifierBps: 0, settleBps: 0, deposit: 100n },
  ...{ specHash: new Uint8Array(32).fill(1), allowRoot: ZERO_HASH },
}
const asked = { job, memory: writeSkills([{ owner: 1, answers: 1, right: 1 }]) }

it('knows nobody to be skilled, and a spec that is not held is missing all the same', () => {
  const port = (bytes?: Uint8Array) =>
    workOf(new JobSpecs(new Kinds([failing]), { get: () => bytes }), new Verdicts())
  expect(port(spec).skills(asked)).toHaveLength(0)
  expect(() => port().skills(asked)).toThrow(/Fetch it first/)
})
