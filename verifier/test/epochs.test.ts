// Four verifiers, a settler and a contributor, through whole epochs: what was done is paid under a final root.
import { startOf } from '@piecework/chain'
import { protocols, type StintResult } from '@piecework/network'
import { accountDetail, leafHash, verifyProof } from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
import { makeJob, PRICE, playEpoch } from './support/play.ts'
import { beginScene, type Running, type Scene, type SceneOptions } from './support/scene.ts'

async function fourVerifiers(options?: SceneOptions): Promise<Scene> {
  const scene = await beginScene(4, options)
  for (const id of [0, 1, 2, 3]) await scene.startVerifier(id)
  await scene.startSettler()
  await makeJob(scene, 2)
  return scene
}

/** The account of the contributor's wallet, if it stands under a final root. */
async function paidTo({ contributor, verifiers, net }: Scene, asked: number): Promise<bigint | undefined> {
  const { wallet, network } = contributor.options
  const peer = verifiers[asked]?.key.publicKey ?? new Uint8Array()
  const question = { ledger: 'accounts', owner: wallet, index: undefined } as const
  const { epoch, leaves } = await network.ask(protocols.ledger, question, peer)
  const root = (await net.state()).roots.find((one) => one.epoch === epoch)?.accounts
  const [leaf] = leaves
  if (leaf === undefined || root === undefined) return undefined
  const { index, amount, proof } = leaf
  const hash = leafHash({ index, amount, owner: wallet, detail: accountDetail(leaf) })
  return verifyProof({ ...root, index, leaf: hash, proof }) ? amount : undefined
}

async function resultsOf({ contributor, verifiers }: Scene, asked: number): Promise<readonly StintResult[]> {
  const { network, key } = contributor.options
  const peer = verifiers[asked]?.key.publicKey ?? new Uint8Array()
  return (await network.ask(protocols.status, { nodeKey: key.publicKey, from: 0 }, peer)).results
}

describe('four verifiers', () => {
  it('take two epochs of real work to final roots that pay it', async () => {
    const scene = await fourVerifiers()
    let rows = 0
    for (const number of [0, 1]) rows += await playEpoch(scene, number)
    await scene.until(
      () => scene.verifiers.every(({ daemon }) => daemon.status().savedEpoch >= 1),
      'it is saved',
    )
    expect(await paidTo(scene, 0)).toBe(PRICE * BigInt(rows))
    expect(await resultsOf(scene, 3)).toMatchObject([
      { epoch: 0, outcome: 'paid' },
      { epoch: 1, outcome: 'paid', reason: '' },
    ])
    const outputs = { job: 0, epoch: 0, after: 0 }
    const { network } = scene.contributor.options
    const held = await Promise.all(
      scene.verifiers.map(({ key }) => network.ask(protocols.results, outputs, key.publicKey)),
    )
    expect(held.filter(({ results }) => results.length > 0)).toHaveLength(3)
    await scene.stop()
  }, 60_000)

  it('deal an epoch as soon as it begins, before the one before it is sealed', async () => {
    const scene = await fourVerifiers()
    const { net, contributor, chain, verifiers } = scene
    const number = (await net.state()).nextSeal + 1
    const starts = startOf(await net.state(), number) ?? Infinity
    // What is confirmed is a slot old.
    await scene.until(() => chain.clock.slot() >= starts + 1, 'it begins')
    const tasks = await contributor.dealt(number, verifiers[1]?.key.publicKey ?? new Uint8Array())
    expect((await net.state()).nextSeal).toBe(number - 1)
    expect(tasks.length).toBeGreaterThan(0)
    await scene.stop()
  }, 60_000)

  it('fail a node whose rows are wrong, with evidence that all of them judge', async () => {
    // Nothing stands behind its rows: all of them are drawn.
    const scene = await fourVerifiers({ vouched: 0n })
    scene.contributor.fake = (output) => output.map((byte, i) => (i === output.length - 1 ? byte ^ 1 : byte))
    await playEpoch(scene, 0)
    expect(await resultsOf(scene, 1)).toMatchObject([{ epoch: 0, outcome: 'failed', pay: 0n }])
    await scene.until(
      () => scene.verifiers.every(({ daemon }) => daemon.status().savedEpoch >= 0),
      'it is saved',
    )
    expect(await paidTo(scene, 0)).toBeUndefined()
    await scene.stop()
  }, 60_000)
})

describe('a verifier', () => {
  it.each(['worked', 'delivered'] as const)(
    'that is killed when its nodes have %s goes on in the same epoch',
    async (when) => {
      const scene = await fourVerifiers()
      // Three of four: without the one that comes back there is no quorum.
      await scene.kill(3)
      const restart = async (): Promise<void> => {
        await scene.kill(1)
        await scene.slot()
        await scene.restart(1)
      }
      await playEpoch(scene, 0, { [when]: restart })
      await scene.until(() => (scene.verifiers[1]?.daemon.status().savedEpoch ?? -1) >= 0, 'it is saved')
      const back = scene.verifiers[1]
      expect(back?.daemon.status().votes).toBeGreaterThan(0)
      expect(await resultsOf(scene, 0)).toMatchObject([{ epoch: 0, outcome: 'paid' }])
      await scene.stop()
    },
    60_000,
  )

  it('that was away for two epochs goes on from the pages of others', async () => {
    const scene = await fourVerifiers()
    await scene.kill(3)
    for (const number of [0, 1]) await playEpoch(scene, number)
    const back = await scene.restart(3)
    await scene.until(() => (back.daemon.status().stateEpoch ?? -1) >= 1, 'it caught up')
    expect(back.log.count('caught-up')).toBeGreaterThan(0)
    await scene.kill(2)
    await playEpoch(scene, 2)
    expect(back.daemon.status().votes).toBeGreaterThan(0)
    await scene.stop()
  }, 60_000)

  it('whose folder is gone signs nothing for what is under way, and all of what comes after', async () => {
    const scene = await fourVerifiers()
    let from = Infinity
    let lost: Running | undefined
    const lose = async (): Promise<void> => {
      await scene.kill(3)
      from = (await scene.net.state()).nextSeal + 2
      lost = await scene.startVerifier(3)
    }
    await playEpoch(scene, 0)
    await playEpoch(scene, 1, { delivered: lose })
    for (let number = 2; number <= from; number++)
      await scene.until(async () => (await scene.lastFinal()) >= number, 'it is final')
    expect(lost?.log.lines.filter(({ event }) => event === 'store-is-new')).toMatchObject([
      { fields: { signsFrom: from } },
    ])
    expect(lost?.daemon.status().troubles).toEqual([])
    const signed = async (epoch: number): Promise<readonly string[]> => {
      const key = lost?.key.publicKey ?? new Uint8Array()
      const acts = ['inventory', 'report', 'commit', 'vote'] as const
      const held = await Promise.all(
        acts.map((what) => lost?.store.guard.permitted({ what, epoch, key, at: 0 })),
      )
      return acts.filter((_, i) => held[i] !== undefined)
    }
    for (let number = 1; number < from; number++) expect(await signed(number)).toEqual([])
    expect(await signed(from)).toEqual(expect.arrayContaining(['inventory', 'vote']))
    await scene.stop()
  }, 60_000)
})
