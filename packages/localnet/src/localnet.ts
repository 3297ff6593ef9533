// Puts the local chain together: ledger, chain, server and clock.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { newChain, restoredChain } from './chain/begin.ts'
import { type MintToMake, type ProgramToDeploy, prepare } from './chain/genesis.ts'
import { type KeyPair, keyPairFromSeed, loadOrMakeKeyPair } from './keys.ts'
import { Ledger, memoryRecorder, type Recorder, type Restored } from './ledger/ledger.ts'
import { type Ports, systemPorts } from './ports.ts'
import { type RpcServer, startServer } from './rpc/server.ts'
import { Ticker } from './ticker.ts'
import type { Address } from './vm/address.ts'

const DEFAULT_HOST = '127.0.0.1'
const LOOPBACK: readonly string[] = ['127.0.0.1', '::1', 'localhost']
/** A slot of the real cluster. */
export const DEFAULT_SLOT_MS = 400
const SEED_BYTES = 32

export interface LocalnetOptions {
  readonly host?: string
  /** HTTP and WebSocket; the next one takes WebSocket too. 0, the default, takes any two free neighbours. */
  readonly port?: number
  /** Milliseconds per slot; 0 leaves the ticking to `tick`. */
  readonly slotMs?: number
  /** The folder that the chain is kept in; without one it ends with its process. */
  readonly ledger?: string
  /** Where the funded key is, or is written; with a ledger, its key.json if not given. */
  readonly keyFile?: string
  readonly programs?: readonly ProgramToDeploy[]
  readonly mints?: readonly MintToMake[]
}

export interface Localnet {
  readonly url: string
  readonly wsUrl: string
  /** A key with a million SOL, also the authority of the mints: 32 secret and 32 public bytes. */
  readonly fundedKey: Uint8Array
  readonly fundedAddress: Address
  readonly keyFile: string | undefined
  /** The open slot. */
  readonly slot: number
  /** Opens the next `slots` slots by hand, and gives the one then open. */
  tick(slots?: number): Promise<number>
  stop(): Promise<void>
}

export async function startLocalnet(
  options: LocalnetOptions = {},
  ports: Ports = systemPorts,
): Promise<Localnet> {
  const host = options.host ?? DEFAULT_HOST
  if (!LOOPBACK.includes(host)) {
    const danger = `on ${host}, anybody who reaches it can empty its faucet and fill its disk`
    ports.warn(`The local chain is for local work: ${danger}.`)
  }
  const { recorder, restored } = await openRecorder(options.ledger)
  try {
    return await startOn(recorder, restored, { ...options, host, ports })
  } catch (error) {
    await recorder.close()
    throw error
  }
}

async function openRecorder(
  folder: string | undefined,
): Promise<{ recorder: Recorder; restored: Restored | undefined }> {
  if (folder === undefined) return { recorder: memoryRecorder, restored: undefined }
  await mkdir(folder, { recursive: true })
  const { ledger, restored } = await Ledger.open(folder)
  return { recorder: ledger, restored }
}

interface Needs extends LocalnetOptions {
  readonly host: string
  readonly ports: Ports
}

async function startOn(recorder: Recorder, restored: Restored | undefined, needs: Needs): Promise<Localnet> {
  const { ports, ledger, host } = needs
  const seconds = () => Math.floor(ports.now() / 1_000)
  if (restored !== undefined && restored.torn > 0) {
    ports.warn(`The ledger ended in ${restored.torn} unfinished bytes, which nobody had been answered for.`)
  }
  const record = recorder.append.bind(recorder)
  const begun =
    restored === undefined
      ? newChain({ genesis: ports.random(SEED_BYTES), time: seconds(), record })
      : restoredChain(restored, record)
  const { vm, chain, genesisHash } = begun
  const keyFile = needs.keyFile ?? (ledger === undefined ? undefined : join(ledger, 'key.json'))
  const funded = await keyPair(keyFile, ports)
  const faucet = await keyPair(ledger === undefined ? undefined : join(ledger, 'faucet.json'), ports)
  const { programs = [], mints = [] } = needs
  await prepare(vm, { faucet: faucet.address, funded: funded.address, programs, mints })
  const ticker = new Ticker(begun, recorder, seconds)
  ticker.begin()
  await recorder.durable()
  const backend = { chain, faucet, genesisHash, identity: faucet.address }
  const durable = recorder.durable.bind(recorder)
  const server = await startServer({ host, port: needs.port ?? 0, backend, durable })
  const stopTicking = tickByClock(ticker, needs, recorder)
  return {
    url: `http://${urlHost(host)}:${server.port}`,
    wsUrl: `ws://${urlHost(host)}:${server.port}`,
    fundedKey: funded.bytes,
    fundedAddress: funded.address,
    keyFile,
    get slot() {
      return chain.slots.open
    },
    tick: async (slots = 1) => {
      for (let i = 0; i < slots; i += 1) ticker.tick()
      await recorder.durable()
      return chain.slots.open
    },
    stop: once(() => stopAll({ stopTicking, server, ticker, recorder })),
  }
}

function tickByClock(
  ticker: Ticker,
  { slotMs = DEFAULT_SLOT_MS, ports }: Needs,
  recorder: Recorder,
): () => void {
  if (slotMs === 0) return () => {}
  const stop = ports.every(slotMs, () => {
    ticker.tick()
    recorder.durable().catch((error: unknown) => {
      stop()
      ports.warn(error instanceof Error ? error.message : String(error))
    })
  })
  return stop
}

async function keyPair(file: string | undefined, { random }: Ports): Promise<KeyPair> {
  return file === undefined ? keyPairFromSeed(random(SEED_BYTES)) : loadOrMakeKeyPair(file, random)
}

function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

interface Parts {
  readonly stopTicking: () => void
  readonly server: RpcServer
  readonly ticker: Ticker
  readonly recorder: Recorder
}

async function stopAll({ stopTicking, server, ticker, recorder }: Parts): Promise<void> {
  stopTicking()
  await server.stop()
  ticker.end()
  await recorder.close()
}

/** Stopping twice is stopping once. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= work()
    return done
  }
}
