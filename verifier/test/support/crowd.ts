// Contributors with the real daemon, whose people are functions: for kinds of work that are judged across nodes.
import { addressOf } from '@piecework/chain'
import { protocols, type StintResult } from '@piecework/network'
import { makeNode, type NodeDaemon, type NodePorts } from '@piecework/node'
import { type GenesisNode, keyFromSecret, type SigningKey } from '@piecework/protocol'
import { MemoryDisks, openMemoryStore } from '@piecework/store'
import { type MemoryNetwork, SeededRandom } from '@piecework/testkit'
import { type Answers, type Kind, Kinds, type Question } from '@piecework/work'
import { Lines } from './lines.ts'
import { hashOf, type Scene } from './scene.ts'

/** More than what a row of these tests is worth, ten times: nobody is in trial. */
const VOUCHED = 50_000n
const CAPACITY = 100

export interface Person {
  readonly name: string
  /** What it answers; throws when it leaves the task. */
  readonly answer: (question: Question) => unknown
}

export interface Member {
  readonly name: string
  readonly key: SigningKey
  readonly node: NodeDaemon
  readonly network: MemoryNetwork
  readonly log: Lines
}

const keyOf = (name: string): SigningKey => keyFromSecret(hashOf(`node of ${name}`))
const walletOf = (name: string): Uint8Array => keyFromSecret(hashOf(`wallet of ${name}`)).publicKey

export function listed(name: string, kind: Kind): GenesisNode {
  return {
    nodeKey: keyOf(name).publicKey,
    wallet: walletOf(name),
    kinds: [{ kind: kind.id, capacity: CAPACITY }],
    attributes: [],
    expiresAtEpoch: 1_000,
    vouched: VOUCHED,
    minAmount: 1n,
    maxFee: 0n,
  }
}

/** Tasks under way: a slot waits for them, because machines are slow beside slots. */
export class Busy {
  readonly #running = new Set<Promise<unknown>>()

  watch(kinds: Kinds): Kinds {
    return new Kinds(kinds.all.map((kind) => ({ ...kind, open: (spec) => this.#watched(kind.open(spec)) })))
  }

  #watched(job: ReturnType<Kind['open']>): ReturnType<Kind['open']> {
    const { perform } = job
    if (perform === undefined) return job
    return {
      ...job,
      perform: (...given) => {
        const run = perform(...given)
        const ended = run.catch(() => {}).finally(() => this.#running.delete(ended))
        this.#running.add(ended)
        return run
      },
    }
  }

  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }
}

export interface Joining extends Pick<NodePorts, 'fetchOf'> {
  readonly kind: Kind
  readonly busy: Busy
  readonly hosts?: readonly string[]
}

export async function join(scene: Scene, person: Person, joining: Joining): Promise<Member> {
  const { chain, networks, networkId, sandbox, time } = scene
  const kinds = joining.busy.watch(scene.kinds)
  const { name } = person
  const key = keyOf(name)
  const network = networks.join(key.publicKey)
  await network.start()
  const store = await openMemoryStore(new MemoryDisks(), {
    networkId,
    contentQuotaBytes: 10_000_000,
    retainStates: 1,
  })
  // The jobs may have taken the first epoch: its key is as new as its store, and has signed nothing elsewhere.
  await store.guard.begin(0)
  const random = new SeededRandom(name)
  const log = new Lines()
  const kind = {
    kind: joining.kind.name,
    capacity: CAPACITY,
    hosts: joining.hosts ?? [],
    files: [],
    devices: [],
  }
  const node = makeNode(
    {
      wallet: addressOf(walletOf(name)),
      attributes: [],
      parallel: 4,
      claimFrom: 1n,
      preset: 'local',
      kinds: [kind],
    },
    {
      ...{ chain, network, store, sandbox, kinds, key, time, log },
      fetchOf: joining.fetchOf,
      program: answersOf(person),
      now: () => time.now(),
      random: () => random.float(),
      randomBytes: (length) => random.bytes(length),
    },
  )
  await node.start()
  return { name, key, node, network, log }
}

function answersOf({ answer }: Person): Answers {
  return { ask: async ({ question, accept }) => accept(answer(question)) }
}

/** What a verifier says of its stints. */
export async function resultsOf(scene: Scene, { key, network }: Member): Promise<readonly StintResult[]> {
  const peer = scene.verifiers.find(({ isAway }) => !isAway)?.key.publicKey ?? new Uint8Array()
  return (await network.ask(protocols.status, { nodeKey: key.publicKey, from: 0 }, peer)).results
}

/** What its wallet's account was ever paid. */
export async function earnedBy(scene: Scene, { name, network }: Member): Promise<bigint> {
  const peer = scene.verifiers.find(({ isAway }) => !isAway)?.key.publicKey ?? new Uint8Array()
  const question = { ledger: 'accounts', owner: walletOf(name), index: undefined } as const
  const { leaves } = await network.ask(protocols.ledger, question, peer)
  return leaves.reduce((sum, { amount }) => sum + amount, 0n)
}
