// A job of each kind, done by real processes: who is honest is paid as the rules say, and nobody else gains.
import { beforeAll, describe, expect, it } from 'vitest'
import { namesOf, type Role } from '../src/crowd/cast.ts'
import { type Played, playCrowd, type Result } from '../src/crowd/play.ts'

const DEADLINE_MS = 900_000

let played: Played
beforeAll(async () => {
  played = await playCrowd()
}, DEADLINE_MS)

const of = (job: string, role: Role): readonly Result[] =>
  (played.results.get(job) ?? []).filter((one) => one.role === role)
const agreeing = (rows: readonly Result[]): number => rows.filter(({ agrees }) => agrees).length
const earned = (role: Role): readonly bigint[] =>
  namesOf(role).map((name) => played.members.get(name)?.earned ?? -1n)
const outcomesOf = (role: Role): readonly string[] =>
  namesOf(role).flatMap((name) => played.members.get(name)?.outcomes.map(({ outcome }) => outcome) ?? [])
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((all, one) => all + one, 0n)

it('settles, claims everything, and conserves money', () => {
  expect(played).toMatchObject({ settled: true, conserved: true })
})

// 'byChance': where a spammer's one answer happens to be right.
describe.each([
  { job: 'birds', tasks: 8, byChance: 2 },
  { job: 'claims', tasks: 3, byChance: 0 },
  { job: 'pages', tasks: 4, byChance: 0 },
])('$job', ({ job, tasks, byChance }) => {
  it('finds what honest people say, and agrees with nobody else', () => {
    expect(agreeing(of(job, 'honest'))).toBe(5 * tasks)
    expect(of(job, 'colluding')).toHaveLength(3 * tasks)
    expect(agreeing(of(job, 'colluding'))).toBe(0)
    expect(agreeing(of(job, 'spammer'))).toBe(byChance)
  })
})

it('opens what the requester knows, all of it, to all verifiers', () => {
  expect(played.kept).toEqual({ outcome: 'opened', tasks: 8, known: 3, held: true })
})

describe('pay for what people do', () => {
  // In millionths of a token: eight birds at 50,000 and three claims at 100,000 with a floor of a fifth, and four pages
  // at 50,000. Beyond the floor skill is paid: who answers in two epochs has some in the second.
  const floor = (8n * 50_000n + 3n * 100_000n) / 5n + 4n * 50_000n
  const most = 8n * 50_000n + 3n * 100_000n + 4n * 50_000n

  // Two of the birds the requester knows wrongly. Would that count, each honest one would be paid for six of eight.
  it('is at least the floor for every honest answer, also where the requester is wrong', () => {
    for (const pay of earned('honest')) {
      expect(pay).toBeGreaterThanOrEqual(floor)
      expect(pay).toBeLessThan(most)
    }
  })

  it('is nothing for a third that agreed on other answers', () => {
    expect(earned('colluding')).toEqual([0n, 0n, 0n])
  })

  it('is for a spammer what two robins are worth', () => {
    const [pay = -1n] = earned('spammer')
    expect(pay).toBeGreaterThanOrEqual((2n * 50_000n) / 5n)
    expect(pay).toBeLessThanOrEqual(2n * 50_000n)
  })
})

describe('pay for what anyone can check again', () => {
  it("goes to who passes the job's check, a program in Python", () => {
    const found = of('brightest', 'program')
    expect(sum(earned('program'))).toBe(10_000n * BigInt(found.length))
    expect(found.length).toBeGreaterThanOrEqual(6)
    expect(new Set(found.map(({ task }) => task)).size).toBe(found.length)
  })

  it('is nothing for who does not look: its answers never become receipts', () => {
    expect(of('brightest', 'careless')).toEqual([])
    expect(earned('careless')).toEqual([0n])
    expect(outcomesOf('careless')).not.toContain('failed')
  })

  it('is nothing for who forges, and its bond is lost', () => {
    expect(outcomesOf('forger')).toContain('failed')
    expect(earned('forger')).toEqual([0n])
    expect(played.members.get('fritz')?.bond).toBe(0n)
  })

  it('traces every row to its receipt', () => {
    const rows = [...played.results.values()].flat()
    expect(rows.every(({ batch, epoch }) => /^[0-9a-f]{64}$/.test(batch) && epoch >= 0)).toBe(true)
  })
})
