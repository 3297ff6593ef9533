// A small local network of real processes, as `local start` makes it, whose jobs have just come: what is killed here.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readKeyFile } from '@piecework/api'
import { type RpcChain, rootOf, startOf } from '@piecework/chain'
import { run, systemIo } from '@piecework/cli'
import {
  type Books,
  booksOf,
  type Cast,
  Commands,
  Context,
  type JobFolder,
  openChain,
  type Program,
  placeOf,
  type Running,
  type RunningNode,
  setUp,
  stateOf,
  stopAll,
  until,
  type World,
  withVerifiers,
} from '@piecework/cli/local'
import { protocols } from '@piecework/network'
import { keyFromSecret } from '@piecework/protocol'
import { z } from 'zod'
import type { PaidEpoch } from './lost.ts'
import { paidTo } from './paid.ts'

/** Few processes, so that a small machine keeps up; any two of the three verifiers may have to wait for the third. */
const CAST: Cast = {
  contributors: [
    { name: 'anna', role: 'honest', vouched: '5' },
    { name: 'bela', role: 'honest', vouched: '5' },
  ],
  verifiers: 3,
  settlers: 1,
}
/** Their folders. */
export const VERIFIERS: readonly string[] = Array.from(
  { length: CAST.verifiers },
  (_, id) => `verifier-${id}`,
)
const EXAMPLES = join(import.meta.dirname, '..', '..', '..', '..', '..', 'docs', 'examples')
const JOBS: readonly JobFolder[] = ['align', 'primes'].map((name) => ({ name, from: join(EXAMPLES, name) }))
const BEGIN_MS = 120_000

const anything = z.unknown()

export class Stage {
  readonly commands: Commands
  readonly world: World
  readonly folder: string
  readonly #context: Context
  readonly #chain: RpcChain

  constructor({ commands, world, folder, context, chain }: Made) {
    this.commands = commands
    this.world = world
    this.folder = folder
    this.#context = context
    this.#chain = chain
  }

  /** The same jobs once more, so that there is work. */
  async postAgain(): Promise<void> {
    const who = ['--network', this.world.invite, '--key', 'requester.json']
    for (const { from } of JOBS) await this.commands.here(anything, 'job', 'post', from, ...who)
  }

  /** The newest final epoch, the one whose work is under way, and what was ever slashed. */
  async standing(): Promise<{ readonly final: number; readonly epoch: number; readonly slashed: bigint }> {
    const { network } = await stateOf(this.#chain)
    const slashed = network.lastFinal < 0 ? 0n : (rootOf(network, network.lastFinal)?.slashes.total ?? 0n)
    return { final: network.lastFinal, epoch: network.nextSeal, slashed }
  }

  /** The slot of now, and the one in which the epoch began whose work is under way; undefined before the first. */
  async slots(): Promise<{ readonly now: number; readonly from: number | undefined }> {
    const { network } = await stateOf(this.#chain)
    const now = this.#chain.clock.slot()
    const starts = [network.nextSeal + 1, network.nextSeal].map(
      (epoch) => startOf(network, epoch) ?? Infinity,
    )
    return { now, from: starts.find((start) => start <= now) }
  }

  async books(): Promise<Books> {
    const { nodes, settlerWallets } = this.world
    const place = await placeOf(this.#context, this.world.invite)
    const keyed = nodes.map((one) => ({ ...one, keyFile: join(this.folder, `${one.name}-node.json`) }))
    const booking = { nodes: keyed, carriers: settlerWallets }
    return withVerifiers(this.#context, place, (verifiers) => booksOf(verifiers, booking))
  }

  /** Rows that were paid, by node and epoch: the most that any verifier knows of; one that was killed may know less. */
  async paidRows(): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>> {
    const place = await placeOf(this.#context, this.world.invite)
    return withVerifiers(this.#context, place, async (verifiers) => {
      const nodes = this.world.nodes.map(async ({ name }) => {
        const { publicKey } = keyFromSecret(await readKeyFile(join(this.folder, `${name}-node.json`)))
        const heard = await verifiers.askAll(protocols.status, { nodeKey: publicKey, from: 0 })
        const paid = new Map<number, number>()
        for (const { epoch, paidRows } of heard.flatMap(({ answer }) => answer.results))
          paid.set(epoch, Math.max(paidRows, paid.get(epoch) ?? 0))
        return [name, paid] as const
      })
      return new Map(await Promise.all(nodes))
    })
  }

  /** By node: what was paid in each epoch, the most that any verifier knows; one that was killed may know less. */
  async paid(): Promise<ReadonlyMap<string, ReadonlyMap<number, PaidEpoch>>> {
    const place = await placeOf(this.#context, this.world.invite)
    const { network } = await stateOf(this.#chain)
    return withVerifiers(this.#context, place, async (verifiers) => {
      const nodes = this.world.nodes.map(async ({ name }) => {
        const { publicKey } = keyFromSecret(await readKeyFile(join(this.folder, `${name}-node.json`)))
        return [name, await paidTo(verifiers, { nodeKey: publicKey, jobs: network.nextJob })] as const
      })
      return new Map(await Promise.all(nodes))
    })
  }

  async end(): Promise<void> {
    await this.#chain.stop()
  }
}

interface Made {
  readonly commands: Commands
  readonly world: World
  readonly folder: string
  readonly context: Context
  readonly chain: RpcChain
}

/** What differs from a network of a few processes on one machine. */
export interface Scenery {
  readonly cast?: Cast
  readonly jobs?: readonly JobFolder[]
  readonly programOf?: (node: RunningNode) => Program | undefined
  readonly params?: Readonly<Record<string, number>>
  readonly hostOf?: (name: string) => string
  readonly nodeOf?: (name: string) => string
}

/** Whatever happens, all processes are ended and their folder is removed. */
export async function onStage<T>(
  act: (stage: Stage) => Promise<T>,
  { cast = CAST, jobs = JOBS, nodeOf, ...scenery }: Scenery = {},
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'stage-'))
  const logs = join(folder, 'logs')
  await mkdir(logs)
  const context = new Context(systemIo(), true)
  const commands = new Commands(context.io, { folder, logs, run, ...(nodeOf && { nodeOf }) })
  try {
    const groups: Running[][] = []
    const setting = { cast, folder, jobs, tell: context.io.err, groups, ...scenery }
    const world = await setUp(commands, setting)
    const chain = await openChain(context, await placeOf(context, world.invite))
    const stage = new Stage({ commands, world, folder, context, chain })
    try {
      await until(context, { ms: BEGIN_MS, what: 'Bringing the jobs on chain' }, async () =>
        (await stateOf(chain)).network.nextJob >= jobs.length ? true : undefined,
      )
      await commands.here(anything, 'network', 'start', '--network', world.created, '--key', world.key)
      return await act(stage)
    } finally {
      await stage.end()
    }
  } finally {
    await stopAll(commands.running.map((one) => [one]))
    await rm(folder, { recursive: true, force: true })
  }
}
