// Links are measured while nodes do nothing but be there, and paid by what was found: real daemons, whole epochs, links as
// wide as a test says.
import { readNetwork, startOf } from '@piecework/chain'
import { protocols } from '@piecework/network'
import { equalBytes } from '@piecework/protocol'
import { opensSecret, secretHashOf } from '@piecework/work'
import { expect, it } from 'vitest'
import { type Member, resultsOf } from './support/crowd.ts'
import { begin, DEADLINE_MS, end, type Played } from './support/crowd-job.ts'

const CAP = 1_000n
/** Of an epoch. */
const MOMENTS = 4
const EPOCH_SLOTS = 30
/** Eight megabits a second are a thousand bytes in a millisecond. */
const work = { bytes: 65_536, megabits: 8, latencyMs: 10_000, moments: MOMENTS }

const SHAPES: Readonly<Record<string, { readonly bytesPerMs: number; readonly address: string }>> = {
  fast: { bytesPerMs: 4_000, address: '198.51.100.1' },
  slow: { bytesPerMs: 250, address: '198.51.100.2' },
  half: { bytesPerMs: 4_000, address: '198.51.100.3' },
  twin: { bytesPerMs: 4_000, address: '198.51.100.4' },
  other: { bytesPerMs: 4_000, address: '::ffff:198.51.100.4' },
}

function memberOf({ members }: Played, name: string): Member {
  const found = members.find((one) => one.name === name)
  if (found === undefined) throw new Error(`there is no ${name}`)
  return found
}

async function startsAt({ scene }: Played, epoch: number): Promise<number> {
  return startOf((await readNetwork(scene.chain)).value.network, epoch) ?? Infinity
}

/** From half of the epoch to its end this node reaches nobody. */
async function halfAway(played: Played, epoch: number): Promise<void> {
  const { scene } = played
  const { network } = memberOf(played, 'half')
  const slot = (): number => scene.chain.clock.slot()
  const from = await startsAt(played, epoch)
  await scene.until(() => slot() >= from + EPOCH_SLOTS / 2, 'half of it is over')
  for (const { key } of scene.verifiers) scene.networks.cut(network.self, key.publicKey)
  await scene.until(() => slot() >= from + EPOCH_SLOTS, 'it is over')
  for (const { key } of scene.verifiers) scene.networks.heal(network.self, key.publicKey)
}

async function paid({ scene }: Played, member: Member, epoch: number): Promise<number> {
  const results = await resultsOf(scene, member)
  return Number(results.find((one) => one.epoch === epoch)?.pay ?? 0n)
}

it(
  'pays who is fast all the time, by what checkers measured at moments that nobody knew',
  async () => {
    const people = Object.keys(SHAPES).map((name) => ({ name, answer: () => undefined }))
    const played = await begin({
      ...{ kind: 'bandwidth', work, content: [], people, tasks: 1, replicas: 1 },
      share: { price: 10_000n, capPrice: CAP },
    })
    const { scene, members } = played
    for (const { name, network } of members) network.shape = SHAPES[name] ?? network.shape
    const epoch = 2
    await scene.until(async () => scene.chain.clock.slot() >= (await startsAt(played, epoch)), 'it begins')
    const fast = memberOf(played, 'fast')
    await scene.until(() => fast.node.status().rows.rows >= epoch, 'it has signed')
    const stranger = scene.networks.join(new Uint8Array(32).fill(77))
    await stranger.start()
    const before = fast.node.status().links
    const link = await stranger.openLink(fast.key.publicKey, 1_000)
    await expect(link.received[Symbol.asyncIterator]().next()).rejects.toThrow()
    expect(fast.node.status().links).toEqual({ ...before, refused: before.refused + 1 })
    await stranger.stop()

    const [first] = scene.verifiers
    const secret = await first?.store.duties.find(epoch, 'secret')
    const named = secretHashOf(secret ?? new Uint8Array())
    const asked = { sort: 'content', hashes: [named] } as const
    const ask = async (): Promise<Uint8Array | undefined> => {
      const { found } = await fast.network.ask(protocols.data, asked, first?.key.publicKey ?? named)
      return found[0] instanceof Uint8Array ? found[0] : undefined
    }
    expect(await ask(), 'it is a secret').toBeUndefined()
    await halfAway(played, epoch)
    await scene.until(async () => (await scene.lastFinal()) >= epoch, 'it is final')
    await scene.until(
      () => scene.verifiers.every(({ daemon }) => daemon.status().savedEpoch >= epoch),
      'verifiers say so',
    )

    const pay = Object.fromEntries(
      await Promise.all(members.map(async (one) => [one.name, await paid(played, one, epoch)] as const)),
    )
    expect(pay['fast'], JSON.stringify(pay)).toBe(Number(CAP))
    expect(pay['slow']).toBeGreaterThanOrEqual(0.25 * Number(CAP) - 1)
    expect(pay['slow']).toBeLessThanOrEqual(0.25 * Number(CAP))
    expect(pay['half']).toBe(Number(CAP) / 2)
    expect([pay['twin'], pay['other']]).toEqual([Number(CAP) / 2, Number(CAP) / 2])

    // Afterwards anybody can compute when it was measured: the hash of the secret was in an inventory of before.
    const opened = (await ask()) ?? new Uint8Array()
    expect(opensSecret(opened, named) && equalBytes(opened, secret ?? named)).toBe(true)
    await end(played)
  },
  DEADLINE_MS,
)
