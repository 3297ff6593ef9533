// Four verifiers, a settler and a contributor, through whole epochs: what was done is paid under a final root.
import { bytesOf, readJobs, readNetwork } from '@piecework/chain'
import { protocols } from '@piecework/network'
import { accountDetail, leafHash, verifyProof } from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
import { beginScene, example, type Scene } from './support/scene.ts'

const PRICE = 100n

/** A job of docs/examples/align, uploaded to one verifier: the others fetch it from there. */
async function makeJob(scene: Scene, to: number): Promise<number> {
  const { contributor, net, chain } = scene
  const spec = example('job.json')
  const specHash = contributor.add(spec)
  await net.does([net.job(1n, { specHash, price: PRICE, deposit: 100_000n, tasks: 20, maxUnits: 1 })])
  const address = bytesOf(chain.at.job(net.payer.address, 1n))
  const key = scene.verifiers[to]?.key.publicKey ?? new Uint8Array()
  const { network } = contributor.options
  await network.start()
  await scene.slot()
  for (const bytes of [spec, ...['align.wasm', 'reference.txt', 'reads.txt'].map(example)]) {
    contributor.add(bytes)
    await network.ask(protocols.upload, { job: address, bytes }, key)
  }
  await scene.until(async () => (await readJobs(chain)).value[0]?.openSlot !== 0, 'the job is open')
  return (await readJobs(chain)).value[0]?.index ?? -1
}

/** Works in the epoch that runs, and delivers after its seal, until it is final. */
async function playEpoch(scene: Scene, number: number): Promise<number> {
  const { contributor, chain } = scene
  const [first] = scene.verifiers
  const open = async () => (await readNetwork(chain)).value.epochs.find((epoch) => epoch.number === number)
  await scene.until(async () => ((await open())?.startsAt ?? Infinity) <= chain.clock.slot(), 'it begins')
  const tasks = async () =>
    contributor.dealt(number, first?.key.publicKey ?? new Uint8Array()).catch(() => [])
  await scene.until(async () => (await tasks()).length > 0, 'something is dealt')
  const dealt = await tasks()
  const batch = await contributor.work(number, dealt, example('job.json'))
  expect(batch.rowCount).toBe(dealt.length)
  await scene.until(async () => (await open())?.state === 'sealed', 'it is sealed')
  await scene.until(async () => {
    const { value } = await readNetwork(chain)
    const epoch = value.epochs.find((one) => one.number === number)
    return epoch !== undefined && (await contributor.deliver(epoch, value)) === 3 * dealt.length
  }, 'all is delivered')
  await scene.until(async () => (await scene.lastFinal()) >= number, 'it is final')
  return dealt.length
}

describe('four verifiers', () => {
  it('take two epochs of real work to final roots that pay it', async () => {
    const scene = await beginScene(4)
    for (const id of [0, 1, 2, 3]) await scene.startVerifier(id)
    await scene.startSettler()
    await makeJob(scene, 2)
    let rows = 0
    for (const number of [0, 1]) rows += await playEpoch(scene, number)
    await scene.until(
      () => scene.verifiers.every(({ daemon }) => daemon.status().savedEpoch >= 1),
      'it is saved',
    )
    const { contributor, networkId: _ } = scene
    const { wallet, network, key } = contributor.options
    const [asked] = scene.verifiers
    const peer = asked?.key.publicKey ?? new Uint8Array()
    const { epoch, leaves } = await network.ask(
      protocols.ledger,
      { ledger: 'accounts', owner: wallet, index: undefined },
      peer,
    )
    const [leaf] = leaves
    const root = (await scene.net.state()).roots.find((one) => one.epoch === epoch)?.accounts
    expect(leaf?.amount).toBe(PRICE * BigInt(rows))
    const hash = leafHash({
      index: leaf?.index ?? -1,
      amount: leaf?.amount ?? 0n,
      owner: wallet,
      detail: accountDetail(leaf ?? { minAmount: 0n, maxFee: 0n, rest: new Uint8Array(32) }),
    })
    const proof = {
      ...(root ?? { root: hash, count: 0 }),
      index: leaf?.index ?? -1,
      leaf: hash,
      proof: leaf?.proof ?? [],
    }
    expect(verifyProof(proof)).toBe(true)
    const status = await network.ask(protocols.status, { nodeKey: key.publicKey, from: 0 }, peer)
    expect(status.results).toMatchObject([
      { epoch: 0, outcome: 'paid' },
      { epoch: 1, outcome: 'paid' },
    ])
    await scene.stop()
  }, 60_000)
})
