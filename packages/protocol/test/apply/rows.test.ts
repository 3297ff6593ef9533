// Which rows are worth something: dealt to their node, in time, once, within their size and their caps.
import { type Behaviour, type DealtTask, type JobPlan, TOY_KINDS, World } from '@piecework/testkit'
import { describe, expect, test } from 'vitest'
import { chargedOf, jobOf, NO_FEES, play, smallWorld, TRUSTED } from '../support/worlds.ts'

const PRICE = 100n

/** What one trusted node is paid, in rows of the price, that writes these rows in each epoch. */
function rowsPaid(tasks: Behaviour['tasks'], plan: JobPlan, epochs: number): bigint {
  const behaviour = tasks === undefined ? {} : { tasks }
  const { world, job } = smallWorld(
    { name: 'rows', contributors: [{ vouched: TRUSTED, capacity: 1, behaviour }] },
    { price: PRICE, ...plan },
  )
  play(world, epochs)
  return chargedOf(world, job) / PRICE
}

describe('of a dealt kind', () => {
  const once: JobPlan = { tasks: 1, leaseEpochs: 1 }

  test('what was dealt counts, once', () => {
    expect(rowsPaid(undefined, once, 1)).toBe(1n)
    expect(rowsPaid((dealt) => [...dealt, ...dealt], once, 1)).toBe(1n)
  })

  test('a row that was paid does not count again in a later epoch', () => {
    const repeated: DealtTask[] = []
    const again = (dealt: readonly DealtTask[]): DealtTask[] => {
      repeated.push(...dealt)
      return [...repeated]
    }
    expect(rowsPaid(again, { tasks: 1, leaseEpochs: 3 }, 3)).toBe(1n)
  })

  test("another node's task, an unknown job or a task beyond the deal count for nothing", () => {
    expect(rowsPaid((dealt) => dealt.map((one) => ({ ...one, task: one.task + 1 })), once, 1)).toBe(0n)
    expect(rowsPaid((dealt) => dealt.map((one) => ({ ...one, job: 4_294_967_295 })), once, 1)).toBe(0n)
    const { world, job } = smallWorld(
      {
        name: 'not mine',
        contributors: [
          { vouched: TRUSTED, capacity: 1, behaviour: { works: () => false } },
          { vouched: 0n, capacity: 0, behaviour: { tasks: () => [{ job: 0, task: 0, units: 1 }] } },
        ],
      },
      { tasks: 1 },
    )
    play(world, 2)
    expect(jobOf(world, job)).toMatchObject({ cursor: 1, charged: 0n })
  })

  test('no units make a row worthless, and finish no task: a fake that risks nothing is not even tried', () => {
    const plan: JobPlan = { ...once, maxUnits: 3 }
    const idle = (dealt: readonly DealtTask[]): DealtTask[] => dealt.map((one) => ({ ...one, units: 0 }))
    const { world, job } = smallWorld(
      { name: 'no units', contributors: [{ vouched: 0n, capacity: 1, behaviour: { tasks: idle } }] },
      { price: PRICE, ...plan },
    )
    play(world, 2)
    expect(jobOf(world, job)).toMatchObject({ charged: 0n, tasks: [{ task: 0, missing: 1 }] })
  })

  test('more units than the job allows make a row worthless, and use up nothing', () => {
    const sized = (units: number): Behaviour['tasks'] => {
      return (dealt) => dealt.map((one) => ({ ...one, units }))
    }
    const plan: JobPlan = { ...once, maxUnits: 3 }
    expect(rowsPaid(sized(4), plan, 1)).toBe(0n)
    expect(rowsPaid(sized(3), plan, 1)).toBe(3n)
    expect(rowsPaid(sized(2), plan, 1)).toBe(2n)
    expect(rowsPaid(sized(0), plan, 1)).toBe(0n)
    const first = (dealt: readonly DealtTask[]): DealtTask[] => [
      ...dealt.map((one) => ({ ...one, units: 4 })),
      ...dealt,
    ]
    expect(rowsPaid(first, plan, 1)).toBe(3n)
  })

  test.each([
    [0, 0, 1n],
    [0, 1, 0n],
    [2, 2, 1n],
    [2, 3, 0n],
  ])('with a lease of %i epochs, a row counts %i epochs later: %i', (leaseEpochs, later, paid) => {
    const { world, job } = smallWorld(
      {
        name: 'late',
        contributors: [{ vouched: TRUSTED, capacity: 1, behaviour: { postpones: (epoch) => epoch < later } }],
      },
      { tasks: 1, leaseEpochs },
    )
    play(world, later + 1)
    // Deals go on: what was not in time is dealt again, three epochs after its lease.
    expect(chargedOf(world, job) / 100n).toBe(paid)
  })

  test('of a closed job, what was dealt before still counts, and nothing more is dealt', () => {
    const { world, job } = smallWorld(
      {
        name: 'closed',
        contributors: [{ vouched: TRUSTED, capacity: 1, behaviour: { postpones: (epoch) => epoch === 0 } }],
      },
      { leaseEpochs: 1 },
    )
    play(world, 1)
    world.closeJob(job)
    play(world, 1)
    expect(jobOf(world, job)).toMatchObject({ cursor: 1, charged: 100n, done: true })
  })
})

describe('of an open kind', () => {
  const open: JobPlan = { kind: TOY_KINDS.open }
  const rows = (...tasks: readonly number[]): DealtTask[] => tasks.map((task) => ({ job: 0, task, units: 1 }))

  test('rows count in ascending order, as many as the cap allows', () => {
    expect(rowsPaid(() => rows(1, 2, 3), open, 1)).toBe(3n)
    expect(rowsPaid(() => rows(1, 2, 3, 4, 5, 6, 7), open, 1)).toBe(5n)
    expect(rowsPaid(() => rows(3, 2, 3, 9), open, 1)).toBe(2n)
  })

  test('a number counts once, however long ago it was', () => {
    expect(rowsPaid(() => rows(1, 2), open, 3)).toBe(2n)
    expect(rowsPaid((_, epoch) => rows(epoch), open, 3)).toBe(3n)
    expect(rowsPaid((_, epoch) => rows(9 - epoch), open, 3)).toBe(1n)
  })

  test('each node has its own numbers', () => {
    const { world, job } = smallWorld(
      {
        name: 'open to two',
        contributors: [
          { vouched: TRUSTED, behaviour: { tasks: () => rows(4) } },
          { vouched: TRUSTED, behaviour: { tasks: () => rows(2) } },
        ],
      },
      open,
    )
    play(world, 2)
    expect(chargedOf(world, job)).toBe(200n)
  })

  test('nothing counts of a job that is closed, or for a node that does not do the kind', () => {
    const { world, job } = smallWorld(
      {
        name: 'open and closed',
        contributors: [
          { vouched: TRUSTED, behaviour: { tasks: (_, epoch) => rows(epoch) } },
          { vouched: TRUSTED, capacity: 0, behaviour: { tasks: (_, epoch) => rows(epoch) } },
        ],
      },
      open,
    )
    play(world, 2)
    world.closeJob(job)
    play(world, 1)
    expect(jobOf(world, job)).toMatchObject({ charged: 200n, done: true })
  })
})

describe('of a standing kind', () => {
  const standing: JobPlan = { kind: TOY_KINDS.measured }

  test('the row of the epoch counts, and no other', () => {
    const row = (task: number): DealtTask => ({ job: 0, task, units: 1 })
    expect(rowsPaid((_, epoch) => [row(epoch), row(epoch)], standing, 3)).toBe(3n)
    expect(rowsPaid((_, epoch) => [row(epoch + 1), row(7)], standing, 3)).toBe(0n)
  })
})

test('a node may do only what the job asks for', () => {
  const world = new World({
    name: 'asks for',
    work: {
      eligible: () => (node) => node.index === 1,
      asks: () => [],
      skills: () => new Uint8Array(),
      contradicts: () => false,
      hasKnown: () => false,
      judge: ({ memory }) => ({ tasks: [], memory }),
    },
    contributors: [{ vouched: TRUSTED }, { vouched: TRUSTED }],
  })
  world.addJob({ ...NO_FEES, tasks: 3 })
  const open = world.addJob({ ...NO_FEES, kind: TOY_KINDS.open })
  play(world, 2)
  expect(world.state.nodes.map(({ lastRow }) => lastRow >= 0)).toEqual([false, true])
  expect(chargedOf(world, open)).toBe(100n)
})
