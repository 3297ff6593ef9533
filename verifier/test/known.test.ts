// Known answers: whose are taken in, how many, and that no number of them keeps an inventory from being made.
import { type Known, keyFromSecret, splitEnrolment, stampHash } from '@piecework/protocol'
import { keeperOf, loadKinds, type Opening, signKnown, writeJobSpec } from '@piecework/work'
import { describe, expect, it } from 'vitest'
import type { EpochWork } from '../src/common/epoch-work.ts'
import { sha256 } from '../src/common/hashes.ts'
import { Inventory } from '../src/inventory.ts'
import { judgeKnown } from '../src/known.ts'
import { type Bare, bare, hashOf, node, stranger } from './support/bare.ts'

const kinds = await loadKinds([], (name) => import(name))
const key = keyFromSecret(hashOf('a keeper'))
/** So many of the longest fill a message. */
const TASKS = 250
const answers = new Map(Array.from({ length: TASKS }, (_, task) => [task, new Uint8Array(4_000).fill(32)]))
const keeper = keeperOf({ answers, tasks: TASKS, secret: hashOf('a secret') })
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const spec = writeJobSpec({
  kind: 'label',
  title: 'A job',
  known: { root: hex(keeper.root), tasks: TASKS, keeper: hex(key.publicKey) },
  work: { instructions: '?', items: hex(hashOf('items')), answer: { type: 'text', most: 9 } },
})

function opening(tasks: readonly number[]): Opening {
  const [one] = keeper.open(tasks)
  if (one === undefined) throw new Error('a message has tasks')
  return one
}

interface Opened extends Bare {
  readonly work: EpochWork
  readonly known: (changed?: Partial<Known>) => Known
  readonly ruleOf: (bytes: Uint8Array) => Promise<string>
}

/** So many jobs with the same spec are open, and one more is not. */
async function opened(jobs = 1): Promise<Opened> {
  const rest = await bare()
  const { shared } = rest
  const job = { specHash: sha256(spec), workKind: kinds.named('label').id }
  const onChain = Array.from({ length: jobs + 1 }, (_, index) => ({
    ...job,
    index,
    openSlot: index < jobs ? 5 : 0,
  }))
  await shared.content.keep(job.specHash, spec)
  const { networkId } = shared
  return {
    ...rest,
    work: shared.epochs.open(0),
    known: (changed) => ({
      ...{ networkId, epoch: 0, job: 0, keeper: key.publicKey },
      ...{ ...opening([0, 1, 2]), ...changed },
    }),
    ruleOf: (bytes) =>
      judgeKnown({ ...shared, kinds, onChain: () => onChain }, { bytes, from: node.publicKey }),
  }
}

/** Of 10,000 bytes; who signed it nobody asks any more. */
function enrolmentOf(number: number): [string, Uint8Array] {
  const name = hashOf(`enrolment ${number}`)
  const signed = new Uint8Array(10_000)
  signed.set(name, 500)
  return [hex(name), signed]
}

describe('known answers', () => {
  it('are taken from the keeper of an open job alone, and only what it committed to', async () => {
    const { ruleOf, known, work } = await opened()
    const signed = signKnown(known(), key)
    expect(await ruleOf(signed)).toBe('sound')
    expect(await ruleOf(signed)).toBe('duplicate')
    expect(await ruleOf(Uint8Array.of(1))).toBe('malformed')
    expect(await ruleOf(signKnown(known({ networkId: hashOf('another') }), key))).toBe('wrong-network')
    expect(await ruleOf(signKnown(known({ epoch: 7 }), key))).toBe('too-early')
    expect(await ruleOf(signKnown(known({ job: 1 }), key))).toBe('busy')
    const three = opening([3])
    const moved = three.answers.map((one) => ({ ...one, task: 4 }))
    expect(await ruleOf(signKnown(known({ ...three, answers: moved }), key))).toBe('not-committed')
    expect(await ruleOf(signKnown(known({ answers: [], proof: [] }), key))).toBe('not-committed')
    expect(work.opened.names.size).toBe(1)
  })

  it('of a keeper are not shut out by whoever saw them', async () => {
    const { ruleOf, known } = await opened()
    for (let task = 0; task < 10; task++) {
      const part = known(opening([task]))
      expect(await ruleOf(signKnown(part, stranger))).toBe('bad-signature')
      const own = { ...part, keeper: stranger.publicKey }
      expect(await ruleOf(signKnown(own, stranger))).toBe('not-committed')
    }
    expect(await ruleOf(signKnown(known(), key))).toBe('sound')
  })

  it('of a job are a few messages', async () => {
    const { ruleOf, known } = await opened()
    const rules: string[] = []
    for (let task = 0; task < 9; task++) rules.push(await ruleOf(signKnown(known(opening([task])), key)))
    expect(rules).toEqual([...Array<string>(8).fill('sound'), 'too-many'])
  })

  it('are bounded in bytes, and an inventory with the most of all is made', async () => {
    const { ruleOf, known, net, moment, shared, work } = await opened(20)
    const all = opening([...answers.keys()])
    expect(await ruleOf(signKnown(known(all), key))).toBe('sound')
    const others = opening([...answers.keys()].slice(1))
    expect(await ruleOf(signKnown(known(others), key))).toBe('too-many')
    const rules: string[] = []
    for (let job = 1; job < 20; job++) rules.push(await ruleOf(signKnown(known({ ...all, job }), key)))
    expect(rules.filter((rule) => rule === 'sound')).toHaveLength(15)
    expect(rules.slice(-4)).toEqual(Array<string>(4).fill('too-many'))
    const waiting = new Map(Array.from({ length: 2_000 }, (_, i) => enrolmentOf(i)))
    const inventory = new Inventory({ ...shared, waiting: () => waiting })
    const { endsAt, grace } = await net.epoch(0)
    await inventory.see(await moment(endsAt + grace))
    const data = work.inventories.get(0)?.data
    expect(data?.known).toHaveLength(16)
    const stamped = [...waiting].map(([name, signed]) => {
      return { name, stamp: hex(stampHash(shared.networkId, splitEnrolment(signed).message)) }
    })
    const best = stamped.sort((a, b) => (a.stamp < b.stamp ? -1 : 1)).slice(0, 1_677)
    expect(data?.enrolments.map(hex)).toEqual(best.map(({ name }) => name).sort())
  })
})
