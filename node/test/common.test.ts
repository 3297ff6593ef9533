import { DATA_WHOLE_BYTES } from '@piecework/network'
import { toHex } from '@piecework/protocol'
import { NO_PERMISSIONS } from '@piecework/work'
import { describe, expect, it } from 'vitest'
import { agreedIn, isAllowed } from '../src/common/consent.ts'
import { LatencyLog } from '../src/common/latencies.ts'
import { slotsBetweenReadings, slotsBetweenTellings } from '../src/common/moment.ts'
import { Verifiers } from '../src/common/verifiers.ts'
import { nodeConfig } from '../src/index.ts'
import { echoKinds } from './support/echo.ts'
import { beginScene, hashOf, settled } from './support/scene.ts'

it('the chain is read seldom while nothing happens there, and in time for the end of an epoch', async () => {
  const { state } = await (await beginScene()).moment()
  const { network } = state
  const length = 1_000
  const params = { ...network.params, length }
  const quiet = {
    ...state,
    network: {
      ...network,
      params,
      nextParams: params,
      starts: [100, 100 + length, 0, 0],
      nextSeal: 0,
      lastFinal: -1,
    },
  }
  const often = slotsBetweenTellings(quiet)
  expect(often).toBe(10)
  const at = (slot: number, value = quiet): number => slotsBetweenReadings({ slot, value })
  expect(at(150)).toBe(100)
  expect(at(1_070)).toBe(30)
  // From its end until all is final.
  expect([at(1_095), at(1_100), at(1_200)]).toEqual([often, often, often])
  expect(
    at(150, {
      ...quiet,
      network: { ...quiet.network, nextSeal: 1, starts: [0, 100, 1_100, 0], lastFinal: -1 },
    }),
  ).toBe(often)
  expect(
    at(150, {
      ...quiet,
      network: { ...quiet.network, nextSeal: 1, starts: [0, 100, 1_100, 0], lastFinal: 0 },
    }),
  ).toBe(100)
  expect(at(150, { ...quiet, network: { ...quiet.network, started: false } })).toBe(often)
})

describe('something long', () => {
  it.each([1, 3])(
    'is waited for no longer than it may take: %d of 3 verifiers give its first piece and no other',
    async (holding) => {
      const scene = await beginScene()
      const { network } = scene
      const long = new Uint8Array(DATA_WHOLE_BYTES + 1).fill(7)
      for (const [i, one] of scene.scripted.entries()) {
        one.content.set(toHex(hashOf(long)), long)
        one.holdsBack = i < holding
      }
      // By then all has come that can.
      const time = { now: () => 0, wait: () => settled(200) }
      const verifiers = new Verifiers({ network, random: () => scene.random.float(), time })
      verifiers.see(await scene.moment())
      const found = await verifiers.content(hashOf(long))
      expect(found === undefined ? undefined : hashOf(found)).toEqual(holding < 3 ? hashOf(long) : undefined)
    },
  )
})

describe('latencies', () => {
  it('are from the end of a batch to the claim that holds its pay', () => {
    const log = new LatencyLog()
    log.signed({ epoch: 0, seq: 0, endedAt: 1_000 })
    log.signed({ epoch: 0, seq: 1, endedAt: 3_000 })
    log.signed({ epoch: 1, seq: 0, endedAt: 9_000 })
    log.signed({ epoch: 2, seq: 0, endedAt: 12_000 })
    log.signed({ epoch: 3, seq: 0, endedAt: 13_000 })
    const stint = { rows: 1, paidRows: 0, pay: 0n, reason: '', checkers: [] }
    log.decided([
      { ...stint, epoch: 1, outcome: 'carried' },
      { ...stint, epoch: 2, outcome: 'failed' },
    ])
    log.landed(2, 11_000)
    expect(log.summary()).toEqual({
      count: 2,
      p50: 10,
      p95: 10,
      newest: [
        { epoch: 0, seq: 0, seconds: 10 },
        { epoch: 0, seq: 1, seconds: 8 },
      ],
    })
    log.decided([{ ...stint, epoch: 1, outcome: 'paid' }])
    log.landed(3, 29_000)
    expect(log.summary().newest.map(({ epoch, seconds }) => [epoch, seconds])).toEqual([
      [0, 10],
      [0, 8],
      [1, 20],
      [3, 16],
    ])
  })
})

const GIVEN = {
  network: 'n',
  program: 'p',
  rpc: ['http://127.0.0.1:8899'],
  folder: 'data',
  key: 'key.json',
  wallet: 'w',
}

describe('the config', () => {
  it('has sound values where nothing is said, and refuses what it does not know', () => {
    const config = nodeConfig.parse(GIVEN)
    expect(config).toMatchObject({ preset: 'public', parallel: 1, claimFrom: 1n, api: { host: '127.0.0.1' } })
    expect(nodeConfig.safeParse({ ...GIVEN, colour: 'red' }).success).toBe(false)
    expect(nodeConfig.parse({ ...GIVEN, claimFrom: '12345678901234567890' }).claimFrom).toBe(
      12345678901234567890n,
    )
  })

  it('agrees to what anyone can check again and touches nothing, or to what it names', () => {
    const usual = agreedIn({}, echoKinds)
    expect(usual.capacities).toEqual([{ kind: 1, capacity: 1_000 }])
    expect(isAllowed(usual.consent, 1, NO_PERMISSIONS)).toBe(true)
    expect(isAllowed(usual.consent, 2, NO_PERMISSIONS)).toBe(false)
    const needed = { ...NO_PERMISSIONS, hosts: ['a.example', 'b.example'] }
    const named = (hosts: string[]): boolean => {
      const { kinds } = nodeConfig.parse({ ...GIVEN, kinds: [{ kind: 'echo', capacity: 5, hosts }] })
      return isAllowed(agreedIn({ kinds }, echoKinds).consent, 1, needed)
    }
    expect([named([]), named(['a.example']), named(['a.example', 'b.example']), named(['*'])]).toEqual([
      false,
      false,
      true,
      true,
    ])
    expect(() =>
      agreedIn({ kinds: [{ kind: 'unheard', capacity: 1, hosts: [], files: [], devices: [] }] }, echoKinds),
    ).toThrow('unheard')
  })
})
