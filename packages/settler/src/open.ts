// Makes a settler of its config: the concrete chain, network, wallet and API. The only file here that does.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Daemon,
  daemonOf,
  type Log,
  type Metrics,
  makeMetrics,
  randomBytes,
  readKeyFile,
  readOrMakeKeyFile,
  readOrMakeToken,
  serveApi,
} from '@piecework/api'
import { bytesOf, parseAddress, signerFromSecret, type Time, timeOf } from '@piecework/chain'
import { nodeChain } from '@piecework/chain/node'
import type { Network } from '@piecework/network'
import { countWith, libp2pNetwork } from '@piecework/network/libp2p'
import type { SettlerConfig } from './config.ts'
import { makeSettler, type Settler } from './main.ts'
import type { SettlerStatus } from './status.ts'

/** Beside the data: whoever can read it may change what the daemon does. */
const TOKEN_FILE = 'token'

export interface OpenedSettler extends Daemon {
  status(): SettlerStatus
  /** Of its local API, once it has started. */
  url(): string
}

export async function openSettler(config: SettlerConfig, log: Log): Promise<OpenedSettler> {
  await mkdir(config.folder, { recursive: true })
  const wallet = signerFromSecret(await readKeyFile(config.wallet))
  const secret = await readOrMakeKeyFile(config.key, randomBytes)
  const token = await readOrMakeToken(join(config.folder, TOKEN_FILE), randomBytes)
  const metrics = makeMetrics()
  const time = timeOf(() => performance.now())
  const parts = { config, time, log, metrics }
  const chain = nodeChain(config, { time, random: Math.random, counter: metrics.counter })
  const network = networkOf(parts, secret)
  const settler = makeSettler(config, { chain, network, time, log, wallet, metrics })
  const { host, port } = config.api
  const api = serveApi({
    host,
    port,
    log,
    metrics,
    token,
    status: () => settler.status(),
    notReady: () => notReady(settler),
    title: 'Piecework settler',
  })
  const daemon = daemonOf([chain, network, settler, api])
  return { start: daemon.start, stop: daemon.stop, status: () => settler.status(), url: api.url }
}

interface Parts {
  readonly config: SettlerConfig
  readonly time: Time
  readonly log: Log
  readonly metrics: Metrics
}

/** Where it can be dialled it is a hub, so that contributors reach it; elsewhere it dials out like a home. */
function networkOf({ config, time, log, metrics }: Parts, secret: Uint8Array): Network {
  const { listen, bootstrap, allow, deny, preset } = config
  const role = listen.length > 0 ? 'hub' : 'home'
  const networkId = bytesOf(parseAddress(config.network))
  const options = { networkId, secret, role, listen, bootstrap, allow, deny, preset } as const
  return libp2pNetwork(options, { time, random: Math.random, log, count: countWith(metrics.counter) })
}

function notReady(settler: Settler): string | undefined {
  const { slot, warning } = settler.status()
  return slot === null ? 'It has not read the network from the chain yet.' : (warning ?? undefined)
}
