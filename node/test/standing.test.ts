// Rows that a node signs for being there, and links that it takes from checkers.
import type { FoundJob } from '@piecework/chain'
import type { Network } from '@piecework/network'
import { loadKinds, NO_PERMISSIONS, writeJobSpec } from '@piecework/work'
import { describe, expect, it } from 'vitest'
import { NodeContent } from '../src/common/content.ts'
import { Jobs } from '../src/common/jobs.ts'
import { type Moment, slotsBetween, workingEpoch } from '../src/common/moment.ts'
import { Links, type LinksPorts } from '../src/links.ts'
import { Standing } from '../src/standing.ts'
import type { Done } from '../src/work.ts'
import { beginScene, hashOf, type Scene, settled } from './support/scene.ts'

const kinds = await loadKinds([], (name) => import(name))
const bandwidth = kinds.named('bandwidth')
const BYTES = 65_536
const MOMENTS = 2
/** With what measures the latency. */
const EACH = BYTES + 160
const VERIFIERS = 3
const EARLY_SLOTS = 4

function specOf(work: object): Uint8Array {
  return writeJobSpec({ kind: 'bandwidth', title: 'A link', work })
}
const spec = specOf({ bytes: BYTES, megabits: 8, latencyMs: 100, moments: MOMENTS })

interface Bench {
  readonly standing: Standing
  readonly done: Done[]
}

interface Agreed {
  readonly agreed?: boolean
  readonly linkBytes?: number
  /** How the chain's jobs look. */
  readonly as?: (job: FoundJob) => FoundJob
  readonly all?: Jobs['all']
}

/** A job is open as soon as it is on chain. */
const opened = (job: FoundJob): FoundJob => ({ ...job, openSlot: job.createdSlot })

function standingIn(
  scene: Scene,
  { agreed = true, linkBytes = 10_000_000, as = opened, all }: Agreed = {},
): Bench {
  const done: Done[] = []
  const content = new NodeContent({ store: scene.store.content, verifiers: scene.verifiers })
  const jobs = new Jobs({ chain: scene.chain, kinds, content })
  const standing = new Standing({
    ...scene.ports,
    ...{ kinds, linkBytes },
    jobs: { opened: (index) => jobs.opened(index), all: all ?? (async () => (await jobs.all()).map(as)) },
    consent: new Map(agreed ? [[bandwidth.id, NO_PERMISSIONS]] : []),
    pass: async (one) => void done.push(one),
  })
  return { standing, done }
}

/** Late enough in its epoch that all verifiers have seen it begin. */
async function momentIn(scene: Scene): Promise<Moment> {
  const moment = await scene.moment()
  return { ...moment, slot: moment.slot + EARLY_SLOTS }
}

async function sceneWithJob(bytes = spec): Promise<Scene> {
  const scene = await beginScene()
  await scene.job(1n, bytes, { workKind: bandwidth.id })
  return scene
}

describe('standing work', () => {
  it('is one row for each open job and epoch, numbered by the epoch, with nothing in it', async () => {
    const scene = await sceneWithJob()
    const { standing, done } = standingIn(scene)
    const moment = await momentIn(scene)
    const early = { ...moment, slot: (workingEpoch(moment)?.startsAt ?? 0) + EARLY_SLOTS - 1 }
    expect(await standing.see(early)).toBe('rested')
    expect(done).toEqual([])
    await standing.see(moment)
    expect(await standing.see({ ...moment, slot: moment.slot + 1 })).toBe('rested')
    const row = { job: 0, units: 1, output: new Uint8Array(), endedAt: scene.time }
    expect(done).toEqual([{ ...row, epoch: 0, task: 0, until: 0 }])
    expect(standing.plansOf(0)).toEqual([{ moments: MOMENTS, bytes: EACH }])
    expect(standing.plansOf(1)).toBeUndefined()
    await scene.net.until((await scene.net.epoch(0)).endsAt + 1)
    await standing.see(await momentIn(scene))
    expect(done.slice(1)).toEqual([{ ...row, epoch: 1, task: 1, until: 1 }])
  })

  it('is not signed again after a restart, nor when it would come too late, nor any more once drained', async () => {
    const scene = await sceneWithJob()
    const moment = await momentIn(scene)
    const again = standingIn(scene)
    again.standing.skip([{ epoch: 0, job: 0, task: 0 }])
    await again.standing.see(moment)
    expect(again.done).toEqual([])
    expect(again.standing.plansOf(0)).toHaveLength(1)
    const late = standingIn(scene)
    expect(await late.standing.see({ ...moment, slot: workingEpoch(moment)?.closesAt ?? 0 })).toBe('rested')
    const drained = standingIn(scene)
    drained.standing.drain()
    expect(await drained.standing.see(moment)).toBe('rested')
    expect([late.done, drained.done]).toEqual([[], []])
  })

  it('is left where the owner did not agree to it, or to what it costs, and while its job is not open', async () => {
    const scene = await sceneWithJob()
    const moment = await momentIn(scene)
    const refusing = standingIn(scene, { agreed: false })
    expect(refusing.standing.isAgreed).toBe(false)
    expect(await refusing.standing.see(moment)).toBe('rested')
    const dear = standingIn(scene, { linkBytes: VERIFIERS * MOMENTS * EACH - 1 })
    await dear.standing.see(moment)
    expect(dear.standing.plansOf(0)).toEqual([])
    expect(scene.log.count('standing-job-left')).toBe(1)
    const waiting = standingIn(scene, { as: (job) => job })
    await waiting.standing.see(moment)
    const closed = standingIn(scene, { as: (job) => ({ ...opened(job), closeSlot: 1 }) })
    await closed.standing.see(moment)
    expect([refusing.done, dear.done, waiting.done, closed.done]).toEqual([[], [], [], []])
    const enough = standingIn(scene, { linkBytes: VERIFIERS * MOMENTS * EACH })
    await enough.standing.see(moment)
    expect(enough.done).toHaveLength(1)
  })

  it('leaves a job whose spec nobody can read, and does the others', async () => {
    const scene = await sceneWithJob(specOf({ bytes: 1 }))
    await scene.job(2n, spec, { workKind: bandwidth.id })
    const { standing, done } = standingIn(scene)
    await standing.see(await momentIn(scene))
    expect(done.map(({ job }) => job)).toEqual([1])
    expect(scene.log.count('standing-job-left')).toBe(1)
  })
})

describe('standing work that cannot be read', () => {
  it('is looked for again after a pause, also when the chain gives no answer', async () => {
    const scene = await sceneWithJob()
    const moment = await momentIn(scene)
    let asked = 0
    const all = async (): Promise<never> => {
      asked++
      throw new Error('the chain is away')
    }
    const { standing, done } = standingIn(scene, { all })
    await expect(standing.see(moment)).rejects.toThrow('away')
    expect(await standing.see(moment)).toBe('rested')
    expect(asked).toBe(1)
    expect(standing.plansOf(0)).toBeUndefined()
    const later = { ...moment, slot: moment.slot + slotsBetween(moment) }
    await expect(standing.see(later)).rejects.toThrow('away')
    expect([asked, done]).toEqual([2, []])
  })
})

describe('links', () => {
  const plans = () => [{ moments: 1, bytes: 1_000 }]

  async function linksIn(scene: Scene, known: LinksPorts['plans'] = plans): Promise<Links> {
    const links = new Links({ ...scene.ports, plans: known, linkBytes: VERIFIERS * 3_000 })
    await links.see(await scene.moment())
    links.start()
    return links
  }

  /** Sends so many bytes, and says how many came back before the link ended or all had come. */
  async function echoed(scene: Scene, from: Network, bytes: number): Promise<number> {
    const link = await from.openLink(scene.nodeKey, 1_000)
    let back = 0
    try {
      await link.send(new Uint8Array(bytes / 2))
      for await (const chunk of link.received) {
        back += chunk.length
        if (back >= bytes) break
        await link.send(new Uint8Array(bytes / 2))
      }
    } catch {
      // It was closed: what came back counts.
    }
    link.close()
    await settled()
    return back
  }

  it('are for verifiers with a seat, and bounded in each epoch', async () => {
    const scene = await beginScene()
    const links = await linksIn(scene)
    const [first, second] = scene.scripted.map(({ script }) => script.network)
    if (first === undefined || second === undefined) throw new Error('there are three verifiers')
    expect(await echoed(scene, first, 1_000)).toBe(1_000)
    expect(links.counts).toEqual({ taken: 1, refused: 0, bytes: 1_000 })
    // Twice what an epoch takes, because clocks differ.
    expect(await echoed(scene, first, 1_000)).toBe(1_000)
    expect(await echoed(scene, first, 1_000)).toBe(0)
    expect(await echoed(scene, second, 1_000)).toBe(1_000)
    const stranger = scene.networks.join(hashOf('a stranger'))
    await stranger.start()
    expect(await echoed(scene, stranger, 1_000)).toBe(0)
    expect(links.counts).toEqual({ taken: 3, refused: 2, bytes: 3_000 })
    await scene.net.until((await scene.net.epoch(0)).endsAt + 1)
    await links.see(await scene.moment())
    expect(await echoed(scene, first, 1_000)).toBe(1_000)
  })

  it('are taken while it is not known yet what jobs say, within what the config allows', async () => {
    const scene = await beginScene()
    const links = await linksIn(scene, () => undefined)
    const [first] = scene.scripted
    const network = first?.script.network ?? scene.network
    expect(await echoed(scene, network, 3_000)).toBe(3_000)
    expect(await echoed(scene, network, 1_000)).toBe(0)
    expect(links.counts).toEqual({ taken: 1, refused: 1, bytes: 3_000 })
    const without = await beginScene()
    await linksIn(without, () => [])
    expect(await echoed(without, without.scripted[0]?.script.network ?? without.network, 1_000)).toBe(0)
  })

  it('send nothing back of what is more than a measurement', async () => {
    const scene = await beginScene()
    const links = await linksIn(scene)
    const [first] = scene.scripted
    expect(await echoed(scene, first?.script.network ?? scene.network, 6_000)).toBe(0)
    expect(links.counts.bytes).toBe(0)
  })
})
