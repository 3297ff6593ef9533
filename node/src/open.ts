// Opens a node: the one place where its chain, network, store and sandbox are made.
import { randomBytes as bytesOfChance } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Daemon,
  daemonOf,
  type Log,
  makeMetrics,
  readKeyFile,
  readOrMakeToken,
  serveApi,
} from '@piecework/api'
import { bytesOf, type Chain, parseAddress, rpcChain, timeOf } from '@piecework/chain'
import type { Network } from '@piecework/network'
import { libp2pNetwork } from '@piecework/network/libp2p'
import { keyFromSecret } from '@piecework/protocol'
import { openStore } from '@piecework/store'
import { findPrefix, type Kinds, loadKinds, makeSandbox, type Sandbox } from '@piecework/work'
import { patiently } from './common/patiently.ts'
import type { NodeConfig } from './config.ts'
import { makeNode, type NodeDaemon } from './main.ts'
import { routesOf } from './routes.ts'
import type { NodeStatus } from './status.ts'

const BYTES_OF_MB = 1_048_576
/** A node needs no states. */
const RETAIN_STATES = 1

export interface OpenedNode extends Daemon {
  status(): NodeStatus
  /** Of its local API, once it has started. */
  url(): string
}

/** What a demonstration puts in place of its own. */
export interface NodeOverrides {
  readonly kinds?: Kinds
  readonly sandbox?: Sandbox
}

export async function openNode(
  config: NodeConfig,
  log: Log,
  overrides: NodeOverrides = {},
): Promise<OpenedNode> {
  const networkId = bytesOf(parseAddress(config.network))
  const secret = await readKeyFile(config.key)
  const joined = config.enrolment === undefined ? undefined : await readFile(config.enrolment)
  await mkdir(config.folder, { recursive: true })
  const token = await readOrMakeToken(join(config.folder, 'token'), randomBytes)
  const kinds = overrides.kinds ?? (await loadKinds(config.packages, (name) => import(name)))
  const sandbox = overrides.sandbox ?? (await sandboxFor(kinds, config.parallel))
  const chain = chainOf(config)
  const network = networkOf(config, { networkId, secret, log })
  const store = await openStore(join(config.folder, 'store'), {
    networkId,
    contentQuotaBytes: config.contentMb * BYTES_OF_MB,
    retainStates: RETAIN_STATES,
  })
  const node = makeNode(config, {
    chain,
    network,
    store,
    sandbox,
    kinds,
    key: keyFromSecret(secret),
    joined: joined && new Uint8Array(joined),
    time,
    now: Date.now,
    random: Math.random,
    randomBytes,
    log,
  })
  const api = apiOf(config, { node, token, log })
  const disk: Daemon = { start: async () => {}, stop: () => store.close() }
  const parts = daemonOf([disk, patiently(chain, { time, log }), network, node, api])
  return { start: parts.start, stop: parts.stop, status: () => node.status(), url: api.url }
}

const time = timeOf(() => performance.now())
const randomBytes = (length: number): Uint8Array => new Uint8Array(bytesOfChance(length))

function chainOf({ program, network, rpc }: NodeConfig): Chain & Daemon {
  return rpcChain(
    { programId: parseAddress(program), network: parseAddress(network), endpoints: rpc },
    { time, random: Math.random, fetch, openSocket: (url) => new WebSocket(url) },
  )
}

interface NetworkParts {
  readonly networkId: Uint8Array
  readonly secret: Uint8Array
  readonly log: Log
}

/** A home only dials out; who gives addresses to listen at can be dialled by others. */
function networkOf(
  { listen, bootstrap, preset }: NodeConfig,
  { networkId, secret, log }: NetworkParts,
): Network {
  const role = listen.length === 0 ? 'home' : 'hub'
  return libp2pNetwork(
    { networkId, secret, role, listen, bootstrap, preset },
    { time, random: Math.random, log },
  )
}

async function sandboxFor(kinds: Kinds, processes: number): Promise<Sandbox> {
  const wallMs = Math.max(...kinds.all.map(({ limits }) => limits.wallMs))
  const options = { node: process.execPath, wallMs }
  return makeSandbox({ ...options, prefix: await findPrefix(options), processes })
}

interface ApiParts {
  readonly node: NodeDaemon
  readonly token: string
  readonly log: Log
}

function apiOf(
  { api: { host, port } }: NodeConfig,
  { node, token, log }: ApiParts,
): ReturnType<typeof serveApi> {
  const notReady = (): string | undefined => {
    const { epoch, enrolled, peers } = node.status()
    if (peers === 0) return 'no peer is connected'
    if (epoch === undefined) return 'the chain was not read yet'
    return enrolled ? undefined : 'it is not enrolled yet'
  }
  const status = (): NodeStatus => node.status()
  const title = "A contributor's node"
  return serveApi({
    host,
    port,
    title,
    token,
    log,
    metrics: makeMetrics(),
    status,
    notReady,
    routes: routesOf(node),
  })
}
