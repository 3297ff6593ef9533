// Opens a verifier from its config: the one place where its parts are made and put together.
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
import { addressOf, bytesOf, parseAddress, signerFromSecret } from '@piecework/chain'
import { keyFromSecret } from '@piecework/protocol'
import { makeSettler, type SettlerPorts } from '@piecework/settler'
import { measureStore, openStore, type Store } from '@piecework/store'
import { loadKinds, sandboxFor } from '@piecework/work'
import type { VerifierConfig } from './config.ts'
import { chainOf, networkOf, time } from './machine.ts'
import { makeVerifier, type VerifierDaemon } from './main.ts'
import { measureVerifier } from './measures.ts'
import type { VerifierStatus } from './status.ts'

const BYTES_OF_MB = 1_048_576

export interface OpenedVerifier extends Daemon {
  status(): VerifierStatus
  /** Of its local API, once it has started. */
  url(): string
}

export async function openVerifier(config: VerifierConfig, log: Log): Promise<OpenedVerifier> {
  const watched = { log, metrics: makeMetrics() }
  const secret = await readKeyFile(config.key)
  const genesis = await fileOf(config.genesis)
  const rules = await fileOf(config.kinds)
  const kinds = await loadKinds(config.packages, (name) => import(name))
  const sandbox = await sandboxFor(kinds, { node: process.execPath, processes: config.parallel })
  await mkdir(config.folder, { recursive: true })
  const token = await readOrMakeToken(join(config.folder, 'token'), randomBytes)
  const chain = chainOf(config, watched)
  const isVerifier = (key: Uint8Array): boolean => verifier.isVerifier(key)
  const network = networkOf(config, secret, { ...watched, isVerifier })
  const store = await openVerifierStore(config)
  measureStore(store, watched.metrics.measure)
  const key = keyFromSecret(secret)
  const made = { chain, network, store, sandbox, kinds, key, genesis, rules, log }
  const measureBytes = config.measureMb * BYTES_OF_MB
  const verifier = makeVerifier({ ...made, measureBytes, time, now: Date.now, randomBytes })
  measureVerifier(() => verifier.status(), watched.metrics.measure)
  const settler = await settlerOf(config, { chain, network, time, log }, verifier)
  const api = apiOf(config, verifier, { ...watched, token })
  const disk: Daemon = { start: async () => {}, stop: () => store.close() }
  const parts = daemonOf([disk, patiently(chain, { time, log }), network, verifier, ...settler, api])
  return { start: parts.start, stop: parts.stop, status: () => verifier.status(), url: api.url }
}

async function fileOf(path: string | undefined): Promise<Uint8Array | undefined> {
  return path === undefined ? undefined : new Uint8Array(await readFile(path))
}

/** For the daemon, and for the command that raises its floor. */
export function openVerifierStore({
  folder,
  network,
  contentMb,
  states,
}: Pick<VerifierConfig, 'folder' | 'network' | 'contentMb' | 'states'>): Promise<Store> {
  return openStore(join(folder, 'store'), {
    networkId: bytesOf(parseAddress(network)),
    contentQuotaBytes: contentMb * BYTES_OF_MB,
    retainStates: states,
    takesAll: true,
  })
}

/** None, or one that asks the verifier beside it as it asks the others. */
async function settlerOf(
  { settle, wallet, settling, key }: VerifierConfig,
  ports: Omit<SettlerPorts, 'wallet' | 'beside'>,
  verifier: VerifierDaemon,
): Promise<readonly Daemon[]> {
  if (!settle || wallet === undefined) return []
  const payer = signerFromSecret(await readKeyFile(wallet))
  const voteKey = addressOf(keyFromSecret(await readKeyFile(key)).publicKey)
  const beside = {
    voteKey,
    offers: verifier.offers.bind(verifier),
    cosign: verifier.cosign.bind(verifier),
  }
  return [makeSettler(settling, { ...ports, wallet: payer, beside })]
}

function apiOf(
  { api }: VerifierConfig,
  verifier: VerifierDaemon,
  guarded: Watched & { readonly token: string },
): Api {
  return serveApi({
    ...api,
    ...guarded,
    title: 'A verifier',
    status: () => verifier.status(),
    notReady: () => whyNotReady(verifier.status()),
  })
}

function whyNotReady({ slot, stateEpoch, verifier }: VerifierStatus): string | undefined {
  if (slot === undefined) return 'The chain was not read yet.'
  if (stateEpoch === undefined)
    return 'It has no state to go on from yet: it fetches one from other verifiers.'
  return verifier === undefined
    ? 'It has no seat yet: it gets one with a seal, two epochs after it joined.'
    : undefined
}
