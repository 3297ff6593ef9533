// A job for a crowd, from its posting to what everybody earned with it.
import { bytesOf, readJobs, readNetwork, startOf } from '@piecework/chain'
import { protocols } from '@piecework/network'
import { keyFromSecret } from '@piecework/protocol'
import { type Keeper, keeperOf, loadKinds, type Question, signKnown, writeJobSpec } from '@piecework/work'
import { Busy, earnedBy, type Joining, join, listed, type Member, type Person } from './crowd.ts'
import { beginScene, hashOf, type Scene } from './scene.ts'

const kinds = await loadKinds([], (name) => import(name))
export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
export const bytesOfText = (text: string): Uint8Array => new TextEncoder().encode(text)
const PRICE = 1_000n
const keeperKey = keyFromSecret(hashOf('who keeps them'))
export const HALF = 500_000
/** Judges what is finished at the end of epoch 0. */
const OPENED = 2

export interface CrowdJob {
  readonly kind: string
  readonly work: unknown
  readonly requires?: readonly object[]
  readonly content: readonly Uint8Array[]
  readonly tasks: number
  readonly replicas: number
  /** What a score earns, where it is not a price for each unit. */
  readonly share?: { readonly price: bigint; readonly capPrice: bigint }
}

export interface Crowd extends CrowdJob {
  /** Outputs that the requester knows, by task. */
  readonly known?: ReadonlyMap<number, Uint8Array>
  /** Tasks that it opens; left out: all that are finished. */
  readonly opens?: readonly number[]
  readonly people: readonly Person[]
  /** Another job of the same kind, posted with the first. */
  readonly second?: CrowdJob
  /** What each reaches of the web. */
  readonly web?: (name: string) => Pick<Joining, 'fetchOf' | 'hosts'>
}

export interface Played {
  readonly scene: Scene
  readonly members: readonly Member[]
  readonly keeper: Keeper | undefined
}

export async function begin({ people, web, known: answers, second, ...first }: Crowd): Promise<Played> {
  const kind = kinds.named(first.kind)
  const busy = new Busy()
  const nodes = people.map((one) => listed(one.name, kind))
  const scene = await beginScene(4, { nodes, idle: () => busy.idle() })
  for (const id of [0, 1, 2, 3]) await scene.startVerifier(id)
  await scene.startSettler()
  const { tasks } = first
  const keeper = answers && keeperOf({ answers, tasks, secret: hashOf('a secret') })
  const known = keeper && { root: hex(keeper.root), tasks, keeper: hex(keeperKey.publicKey) }
  await scene.contributor.options.network.start()
  await post(scene, { ...first, index: 0, ...(known && { known }) })
  if (second !== undefined) await post(scene, { ...second, index: 1 })
  const members: Member[] = []
  for (const one of people) members.push(await join(scene, one, { kind, busy, ...web?.(one.name) }))
  return { scene, members, keeper }
}

interface Posted extends CrowdJob {
  readonly index: number
  readonly known?: object
}

/** Until it is open. */
async function post(
  scene: Scene,
  { kind: name, index, work, requires = [], known, content, tasks, replicas, share }: Posted,
): Promise<void> {
  const kind = kinds.named(name)
  const spec = writeJobSpec({
    kind: name,
    title: 'A job for people',
    requires,
    work,
    ...(known && { known }),
  })
  const { net, chain, contributor } = scene
  const terms = {
    specHash: hashOf(spec),
    workKind: kind.id,
    price: PRICE,
    deposit: 100_000n,
    tasks,
    replicas,
  }
  const nonce = BigInt(1 + index)
  await net.does([net.job(nonce, { ...terms, ...(share && { rule: 'share', ...share }), maxUnits: 1 })])
  await scene.slot()
  const job = bytesOf(chain.at.job(net.payer.address, nonce))
  const peer = scene.verifiers[0]?.key.publicKey ?? new Uint8Array()
  const { network } = contributor.options
  for (const bytes of [spec, ...content]) await network.ask(protocols.upload, { job, bytes }, peer)
  await scene.until(async () => (await readJobs(chain)).value[index]?.openSlot !== 0, 'the job is open')
}

/** What each was paid, by name, once these epochs are final. */
async function earnings(
  { scene, members }: Played,
  epochs: number,
): Promise<Readonly<Record<string, bigint>>> {
  await scene.until(async () => (await scene.lastFinal()) >= epochs - 1, 'the epochs are final')
  const said = (): boolean => scene.verifiers.every(({ daemon }) => daemon.status().savedEpoch >= epochs - 1)
  await scene.until(said, 'verifiers say so')
  const earned = members.map(async (one) => [one.name, await earnedBy(scene, one)] as const)
  return Object.fromEntries(await Promise.all(earned))
}

export async function end({ scene, members }: Played): Promise<void> {
  let stopped = 0
  for (const { node } of members) void node.stop().then(() => stopped++)
  await scene.until(() => stopped === members.length, 'the nodes have stopped')
  await scene.stop()
}

/** As a keeper does: what verifiers say that epoch 2 judges, once epoch 0 is final and epoch 2 has begun. */
async function open({ scene, keeper }: Played, chosen: Crowd['opens']): Promise<void> {
  if (keeper === undefined) return
  const { contributor, networkId, verifiers } = scene
  const { network } = contributor.options
  let tasks: readonly number[] = []
  await scene.until(async () => {
    const peer = verifiers[0]?.key.publicKey ?? new Uint8Array()
    const answer = await network.ask(protocols.finished, { job: 0, epoch: OPENED }, peer)
    tasks = answer.tasks
    const { network: onChain } = (await readNetwork(scene.chain)).value
    const begins = startOf(onChain, OPENED) ?? Number.POSITIVE_INFINITY
    return answer.settled >= 0 && scene.chain.clock.slot() > begins + 1
  }, 'what epoch 2 judges is known')
  for (const opening of keeper.open(chosen ?? tasks)) {
    const known = { networkId, epoch: OPENED, job: 0, keeper: keeperKey.publicKey, ...opening }
    await network.publish('known', signKnown(known, keeperKey))
  }
}

export async function played(crowd: Crowd, epochs = 1): Promise<Readonly<Record<string, bigint>>> {
  const all = await begin(crowd)
  await open(all, crowd.opens)
  // Where something is known, a task is judged two epochs after its answers are in.
  const last = crowd.known === undefined ? epochs : Math.max(epochs, OPENED + 1)
  let earned: Readonly<Record<string, bigint>> = {}
  for (let end = 1; end <= last; end++) earned = await earnings(all, end)
  await end(all)
  return earned
}

export function shownIn({ shown }: Question, name: string): string {
  const found = shown.find((one) => one.name === name)
  return found?.type === 'text' ? found.text : ''
}

export const DEADLINE_MS = 120_000
