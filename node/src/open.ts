// Opens a node from its config: the one place where its parts are made and put together.
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Api,
  type Daemon,
  daemonOf,
  type Log,
  makeMetrics,
  patiently,
  randomBytes,
  readKeyFile,
  readOrMakeToken,
  serveApi,
  type Watched,
} from '@piecework/api'
import { addressOf } from '@piecework/chain'
import { keyFromSecret } from '@piecework/protocol'
import { measureStore } from '@piecework/store'
import {
  type AnsweringProgram,
  type FetchOptions,
  type GuardedFetch,
  type Kinds,
  loadKinds,
  type Sandbox,
  sandboxFor,
  startProgram,
} from '@piecework/work'
import type { NodeConfig } from './config.ts'
import { readOwnEnrolment } from './enrolment.ts'
import { NodeError } from './errors.ts'
import { chainOf, networkOf, time } from './machine.ts'
import { makeNode, type NodeDaemon } from './main.ts'
import { measuresOf } from './measures.ts'
import { openNodeStore } from './open-store.ts'
import { routesOf } from './routes.ts'
import type { NodeStatus } from './status.ts'

export interface OpenedNode extends Daemon {
  status(): NodeStatus
  /** Of its local API, once it has started. */
  url(): string
}

/** What a demonstration puts in place of its own. */
export interface NodeOverrides {
  readonly kinds?: Kinds
  readonly sandbox?: Sandbox
  /** In place of the guarded fetch: no config can name one that reaches more. */
  readonly fetchOf?: (options: FetchOptions) => GuardedFetch
}

export async function openNode(
  config: NodeConfig,
  log: Log,
  overrides: NodeOverrides = {},
): Promise<OpenedNode> {
  const watched = { log, metrics: makeMetrics() }
  const secret = await readKeyFile(config.key)
  const joined = config.enrolment === undefined ? undefined : await enrolmentIn(config.enrolment, config)
  const kinds = overrides.kinds ?? (await loadKinds(config.packages, (name) => import(name)))
  const sandbox =
    overrides.sandbox ?? (await sandboxFor(kinds, { node: process.execPath, processes: config.parallel }))
  await mkdir(config.folder, { recursive: true })
  const token = await readOrMakeToken(join(config.folder, 'token'), randomBytes)
  const chain = chainOf(config, watched)
  const network = networkOf(config, secret, watched)
  const store = await openNodeStore(config)
  measureStore(store, watched.metrics.measure)
  const program = programOf(config, log)
  const { fetchOf } = overrides
  const key = keyFromSecret(secret)
  const made = { chain, network, store, sandbox, kinds, program, fetchOf, key, joined }
  const chance = { random: Math.random, randomBytes }
  const onMoment = measuresOf(watched.metrics)
  const node = makeNode(config, { ...made, ...chance, time, now: Date.now, log, onMoment })
  const api = apiOf(config, node, { ...watched, token })
  const disk: Daemon = { start: async () => {}, stop: () => store.close() }
  const answering: Daemon = { start: async () => {}, stop: async () => program?.stop() }
  const parts = daemonOf([disk, patiently(chain, { time, log }), network, answering, node, api])
  return { start: parts.start, stop: parts.stop, status: () => node.status(), url: api.url }
}

/** Whoever is shown as paid must be who is paid. */
async function enrolmentIn(file: string, { wallet }: NodeConfig): Promise<Uint8Array> {
  const bytes = new Uint8Array(await readFile(file))
  const enrolled = addressOf(readOwnEnrolment(bytes).wallet)
  if (enrolled === wallet) return bytes
  const message = `The config says that ${wallet} is paid, but the enrolment in ${file} is for ${enrolled}: set wallet to that, or join again.`
  throw new NodeError('config/invalid', message, { wallet, enrolled })
}

/** It is told to end with the node; what it complains about is in the node's log. */
function programOf({ answers }: NodeConfig, log: Log): AnsweringProgram | undefined {
  if (answers === undefined) return undefined
  return startProgram({ ...answers, complain: (line) => log.warn('program-complains', { line }) })
}

function apiOf({ api }: NodeConfig, node: NodeDaemon, guarded: Watched & { readonly token: string }): Api {
  return serveApi({
    ...api,
    ...guarded,
    title: "A contributor's node",
    status: () => node.status(),
    notReady: () => whyNotReady(node.status()),
    routes: routesOf(node),
  })
}

function whyNotReady({ epoch, enrolled, peers }: NodeStatus): string | undefined {
  if (epoch === undefined) return 'The chain was not read yet, or its network has not started.'
  if (peers === 0) return 'No peer is connected.'
  return enrolled ? undefined : 'It is not enrolled yet: it enters with the end of an epoch.'
}
