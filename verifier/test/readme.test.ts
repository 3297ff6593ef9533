// The table of this page is that of the code.
import { readFileSync } from 'node:fs'
import { makeMetrics } from '@piecework/api'
import { expect, it } from 'vitest'
import { measureVerifier } from '../src/measures.ts'
import type { VerifierStatus } from '../src/status.ts'

const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

const FRESH: VerifierStatus = {
  voteKey: 'of nobody',
  verifier: undefined,
  stake: undefined,
  slot: undefined,
  epoch: undefined,
  settling: undefined,
  phase: undefined,
  stateEpoch: undefined,
  savedEpoch: 0,
  stints: 0,
  measured: 0,
  reports: 0,
  votes: 0,
  offers: 0,
  peers: 3,
  troubles: [],
}

it('the README has all that a verifier counts', async () => {
  const metrics = makeMetrics({ machine: false })
  measureVerifier(() => FRESH, metrics.measure)
  const served = [...(await metrics.text()).matchAll(/^# HELP piecework_(verifier_\w+) (.+)$/gm)]
  const rows = [...page.matchAll(/^\| `(verifier_\w+)` +\| (.+?) +\|$/gm)]
  expect(rows.map(([, ...row]) => row)).toEqual(served.map(([, ...row]) => row))
  expect(rows.length).toBeGreaterThan(0)
})

it('a number is that of the moment, and none while there is none', async () => {
  const metrics = makeMetrics({ machine: false })
  let status = FRESH
  measureVerifier(() => status, metrics.measure)
  const numberOf = async (name: string): Promise<string | undefined> =>
    new RegExp(`^piecework_verifier_${name} (.+)$`, 'm').exec(await metrics.text())?.[1]
  expect([await numberOf('peers'), await numberOf('epoch'), await numberOf('stake')]).toEqual([
    '3',
    undefined,
    undefined,
  ])
  status = { ...FRESH, peers: 4, epoch: 7, stake: 5_000_000_000n }
  expect([await numberOf('peers'), await numberOf('epoch'), await numberOf('stake')]).toEqual([
    '4',
    '7',
    '5000000000',
  ])
})
