// A job and whole epochs of it.
import { bytesOf, readJobs, readNetwork } from '@piecework/chain'
import { protocols } from '@piecework/network'
import { example, type Scene } from './scene.ts'

export const PRICE = 100n

/** A job of docs/examples/align, uploaded to one verifier: the others fetch it from there. */
export async function makeJob(scene: Scene, to: number): Promise<number> {
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

export interface Moments {
  /** The contributor's batch is on its way. */
  readonly worked?: () => Promise<void>
  /** All its checkers have its outputs. */
  readonly delivered?: () => Promise<void>
}

/** Works in an epoch, and delivers after its seal, until it is final. Gives the rows. */
export async function playEpoch(
  scene: Scene,
  number: number,
  { worked, delivered }: Moments = {},
): Promise<number> {
  const { contributor, chain } = scene
  const first = scene.verifiers.find(({ isAway }) => !isAway)
  const open = async () => (await readNetwork(chain)).value.epochs.find((epoch) => epoch.number === number)
  await scene.until(async () => ((await open())?.startsAt ?? Infinity) <= chain.clock.slot(), 'it begins')
  const tasks = async () =>
    contributor.dealt(number, first?.key.publicKey ?? new Uint8Array()).catch(() => [])
  await scene.until(async () => (await tasks()).length > 0, 'something is dealt')
  const dealt = await tasks()
  await contributor.work(number, dealt, example('job.json'))
  await worked?.()
  await scene.until(async () => (await open())?.state === 'sealed', 'it is sealed')
  await scene.until(async () => {
    const { value } = await readNetwork(chain)
    const epoch = value.epochs.find((one) => one.number === number)
    return epoch !== undefined && (await contributor.deliver(epoch, value))
  }, 'all is delivered')
  await delivered?.()
  await scene.until(async () => (await scene.lastFinal()) >= number, 'it is final')
  return dealt.length
}
