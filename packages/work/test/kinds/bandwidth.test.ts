// Links between real processes, measured; and what follows from measurements.
import { toHex } from '@piecework/protocol'
import { afterAll, describe, expect, it } from 'vitest'
import { contractOf } from '../../src/contract.ts'
import {
  echo,
  linkOver,
  type Measuring,
  meanScore,
  momentsOf,
  networkOf,
  opensSecret,
  probe,
  secretHashOf,
  sharedScores,
  WorkError,
} from '../../src/index.ts'
import { kind, speedScore, wallMsOf } from '../../src/kinds/bandwidth/kind.ts'
import { contentOf } from '../support/align.ts'
import { arriving, Links, measuringAt, pair } from '../support/links.ts'
import { testSandbox } from '../support/sandbox.ts'

const BYTES = 131_072
const spec = { bytes: BYTES, megabits: 8, latencyMs: 40 }
const nodeKey = new Uint8Array(32).fill(5)
const context = { sandbox: testSandbox(), content: contentOf([]), seed: new Uint8Array(32) }

describe('bandwidth', () => {
  const badSpecs = [
    { spec: { ...spec, bytes: 10 }, says: 'bytes' },
    { spec: { ...spec, megabits: 0 }, says: 'megabits' },
    { spec: { ...spec, moments: 100 }, says: 'moments' },
    { spec: { bytes: BYTES, megabits: 8 }, says: 'latencyMs' },
  ]
  const machine = () => Promise.resolve(context)
  for (const { name, run } of contractOf({ kind, spec, badSpecs, tasks: [0], machine })) it(name, run)

  it('gives the whole score for what is asked, half for half, and never more', () => {
    const asked = { ...spec, moments: 2 }
    const score = (megabits: number, latencyMs: number) =>
      speedScore(asked, { bitsPerSecond: megabits * 1_000_000, latencyMs })
    expect([score(8, 40), score(800, 1), score(4, 40), score(8, 80), score(4, 80)]).toEqual([
      1_000_000, 1_000_000, 500_000, 500_000, 250_000,
    ])
  })
})

describe('a link between processes', () => {
  const links = new Links()
  afterAll(() => links.stop())
  const measure = async (port: number) =>
    kind.open(spec).measure?.(0, nodeKey, { ...context, measuring: measuringAt(port) })

  it('is measured as narrow and as long as it is', async () => {
    const shape = { bytesPerSecond: 62_500, delayMs: 60 }
    const measuring = measuringAt(await links.node(shape))
    const link = await measuring.open(nodeKey, 60_000)
    const speed = await probe(link, BYTES, measuring)
    link.close()
    // Two seconds long: only a machine that stands still for most of them would make it look so much wider.
    expect(speed.bitsPerSecond).toBeLessThan(shape.bytesPerSecond * 8 * 4)
    expect(speed.latencyMs).toBeGreaterThan(2 * shape.delayMs - 5)
    expect(await measure(await links.node())).toBeGreaterThan(speedScore({ ...spec, moments: 1 }, speed))
  }, 60_000)

  it('counts as nothing where nobody is, and cannot be told without the means to measure', async () => {
    const gone = new Links()
    const port = await gone.node()
    await gone.stop()
    expect(await measure(port)).toBe(0)
    await expect(kind.open(spec).measure?.(0, nodeKey, context)).rejects.toMatchObject({ code: 'link/none' })
  })
})

describe('a node that is measured', () => {
  const measuring = (change: (bytes: Uint8Array) => Uint8Array, most?: number): Measuring => ({
    ...measuringAt(0),
    open: async () => {
      const [checker, node] = pair(change)
      echo(linkOver(node), most).catch(() => undefined)
      return linkOver(checker)
    },
  })
  const measured = (means: Measuring) =>
    kind.open(spec).measure?.(0, nodeKey, { ...context, measuring: means })

  it('is as fast as what came back in the time that passed', async () => {
    let ms = 0
    const [checker, node] = pair()
    echo(linkOver(node)).catch(() => undefined)
    const clock = { now: () => (ms += 500), random: measuringAt(0).random }
    const speed = await probe(linkOver(checker), BYTES, clock)
    expect(speed).toEqual({ bitsPerSecond: ((BYTES * 7) / 8) * 8 * 2, latencyMs: 500 })
  })

  it('gains nothing by holding back what came, however little is sent', async () => {
    for (const bytes of [65_536, BYTES]) {
      const speeds = [false, true].map((isHoarding) => {
        const { link, now } = arriving(isHoarding)
        return probe(link, bytes, { now, random: measuringAt(0).random })
      })
      const [honest, hoarding] = await Promise.all(speeds)
      expect(honest?.bitsPerSecond).toBeCloseTo(8_000_000, 0)
      expect(hoarding?.bitsPerSecond).toBeCloseTo(8_000_000, 0)
    }
  })

  it('has as long as a twentieth of what is asked takes, a second at least and a minute at most', async () => {
    const wall = (changed: object) => wallMsOf({ ...spec, moments: 1, ...changed })
    // Both ways at 0.4 megabits a second, and five times 0.8 seconds.
    expect(wall({})).toBe(Math.ceil((2 * BYTES * 8) / 400 + 5 * 800))
    expect(wall({ megabits: 10_000, latencyMs: 1 })).toBe(1_000)
    expect(wall({ megabits: 0.1 })).toBe(60_000)
    const asked: number[] = []
    const open: Measuring['open'] = async (_key, wallMs) => {
      asked.push(wallMs)
      throw new WorkError('link/broken', 'Nobody is there.')
    }
    expect(await measured({ ...measuringAt(0), open })).toBe(0)
    expect(asked).toEqual([wall({})])
  })

  it('gives back what comes', async () => {
    expect(await measured(measuring((bytes) => bytes))).toBeGreaterThan(0)
  })

  it('gets nothing for other bytes than were sent, or for fewer', async () => {
    expect(await measured(measuring((bytes) => bytes.map((byte) => byte + 1)))).toBe(0)
    expect(await measured(measuring((bytes) => bytes.subarray(1)))).toBe(0)
  }, 10_000)

  it('stops when more is sent than a measurement takes', async () => {
    expect(await measured(measuring((bytes) => bytes, BYTES / 2))).toBe(0)
  })
})

describe('moments', () => {
  const drawn = (secret: number, key = 5, job = 0) =>
    momentsOf({
      secret: new Uint8Array(32).fill(secret),
      epoch: 7,
      nodeKey: new Uint8Array(32).fill(key),
      job,
      count: 4,
      from: 1_000,
      to: 1_100,
    })

  it('lie one in each part of the time, elsewhere for every secret, node and job', () => {
    for (const [k, slot] of drawn(1).entries()) {
      expect(slot).toBeGreaterThanOrEqual(1_000 + 25 * k)
      expect(slot).toBeLessThan(1_025 + 25 * k)
    }
    expect(drawn(1)).toEqual(drawn(1))
    expect(drawn(2)).not.toEqual(drawn(1))
    expect(drawn(1, 6)).not.toEqual(drawn(1))
    expect(drawn(1, 5, 1)).not.toEqual(drawn(1))
    const seen = new Set(Array.from({ length: 250 }, (_, secret) => drawn(secret)[0]))
    expect(seen.size).toBe(25)
  })

  it('can be shown to be those of the secret that was named before', () => {
    const secret = new Uint8Array(32).fill(3)
    expect(toHex(secretHashOf(secret))).toMatch(/^[0-9a-f]{64}$/)
    expect(opensSecret(secret, secretHashOf(secret))).toBe(true)
    expect(opensSecret(secret.with(0, 4), secretHashOf(secret))).toBe(false)
  })
})

describe('scores', () => {
  it('are the mean over all moments, also those at which nobody was there', () => {
    expect(meanScore([900_000, 0, 600_001])).toBe(500_000)
    expect(meanScore([])).toBe(0)
  })

  it('are shared by all behind one IPv4 address or one /56', () => {
    const at = (address: string, score: number) => ({ address, score })
    const scores = sharedScores([
      at('203.0.113.7', 900_000),
      at('::ffff:203.0.113.7', 500_001),
      at('203.0.113.8', 900_000),
      at('2001:db8:1:200::1', 800_000),
      at('2001:db8:1:2ff:ffff::9', 600_000),
      at('2001:db8:1:300::1', 600_000),
      at('203.0.113.8', 0),
    ])
    expect(scores).toEqual([450_000, 250_000, 900_000, 400_000, 300_000, 600_000, 0])
    expect(networkOf('nowhere')).toBe('nowhere')
  })

  it('are in all no more than that of the best link, however many nodes share it', () => {
    const best = 730_000
    for (const count of [1, 2, 3, 7, 100]) {
      const nodes = Array.from({ length: count }, (_, i) => ({ address: '203.0.113.7', score: best - i }))
      expect(sharedScores(nodes).reduce((sum, score) => sum + score, 0)).toBeLessThanOrEqual(best)
    }
  })
})
