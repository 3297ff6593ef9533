// Two local chains of the same network: the truth, and a fork in which other things happened. What a liar tells of the
// fork is consistent in itself, which is the best that a liar can do.
import { createHash } from 'node:crypto'
import {
  type Address,
  addressOf,
  associatedTokens,
  createNetwork,
  joinRoster,
  networkAddress,
  type Params,
  type RpcChain,
  type RpcPorts,
  rpcChain,
  type SendRequest,
  type Signer,
  signerFromSecret,
  type Time,
  timeOf,
} from '@piecework/chain'
import { type Localnet, startLocalnet } from '@piecework/localnet'
import { programBytes } from '@piecework/program'
import { LOCAL_PARAMS } from '@piecework/protocol'

/** A client's minute takes six seconds: its time limits are real ones, and nobody waits that long. */
const HASTE = 10
/** A slot of 400 ms, in haste. */
const SLOT_MS = 400 / HASTE

export const programId: Address = addressOf(hashOf('program'))
const mint: Address = addressOf(hashOf('mint'))
const nameHash = hashOf('network')
const TOKENS = 1_000_000n

/** The same who makes the network on both chains, so that it has the same address. */
export const creator: Signer = signerFromSecret(hashOf('creator'))
export const network: Address = networkAddress(programId, creator.address, nameHash)

export function hashOf(name: string): Uint8Array {
  return createHash('sha256').update(`lying rpc ${name}`).digest()
}

const real = timeOf(() => performance.now())

export const hasty: Time = {
  now: () => real.now() * HASTE,
  wait: (milliseconds, signal) => real.wait(milliseconds / HASTE, signal),
}

export const honestPorts: RpcPorts = {
  time: hasty,
  random: Math.random,
  fetch: (url, init) => fetch(url, init),
  openSocket: (url) => new WebSocket(url),
}

export interface World {
  readonly url: string
  readonly wsUrl: string
  readonly genesis: string
  /** A client that is told the truth of this world, and is in no haste. */
  readonly chain: RpcChain
  /** What JSON-RPC answers here, with its result or error. */
  readonly ask: (method: string, params: unknown) => Promise<Readonly<Record<string, unknown>>>
  readonly slot: () => number
  readonly stop: () => Promise<void>
}

export async function startWorld(stakes: readonly bigint[]): Promise<World> {
  const localnet = await startLocalnet({
    slotMs: SLOT_MS,
    programs: [{ address: programId, elf: programBytes() }],
    mints: [{ address: mint, decimals: 6, amount: TOKENS }],
  })
  const endpoints = [{ url: localnet.url, wsUrl: localnet.wsUrl }]
  const patient = { ...honestPorts, time: real }
  const chain = rpcChain({ programId, network, endpoints, slotMs: SLOT_MS, fastestSlotMs: 0 }, patient)
  await chain.start()
  const ask = (method: string, params: unknown) => askAt(localnet.url, method, params)
  await ask('requestAirdrop', [creator.address, 1_000_000_000_000])
  await makeNetwork(chain, localnet, stakes)
  return {
    url: localnet.url,
    wsUrl: localnet.wsUrl,
    genesis: String((await ask('getGenesisHash', []))['result']),
    chain,
    ask,
    slot: () => localnet.slot,
    stop: async () => {
      await chain.stop()
      await localnet.stop()
    },
  }
}

export async function askAt(
  url: string,
  method: string,
  params: unknown,
): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  return (await response.json()) as Readonly<Record<string, unknown>>
}

async function makeNetwork(chain: RpcChain, localnet: Localnet, stakes: readonly bigint[]): Promise<void> {
  const input = { creator: creator.address, mint, nameHash, genesisHash: hashOf('genesis'), params }
  await done(chain, { instructions: [createNetwork(programId, input)], payer: creator })
  const operator = signerFromSecret(localnet.fundedKey.subarray(0, 32))
  const operatorTokens = associatedTokens(operator.address, mint).address
  for (const [id, stake] of stakes.entries()) {
    const voteKey = signerFromSecret(hashOf(`vote key ${id}`))
    const who = { payer: operator.address, operator: operator.address, voteKey: voteKey.address }
    const instructions = [joinRoster(chain.at, { ...who, operatorTokens, id, stake })]
    await done(chain, { instructions, payer: operator, signers: [voteKey] })
  }
}

async function done(chain: RpcChain, request: SendRequest): Promise<void> {
  const outcome = await chain.send({ ...request, commitment: 'finalized' })
  if (outcome.kind !== 'landed') throw new Error(`the network could not be made: ${JSON.stringify(outcome)}`)
}

const params: Params = {
  ...LOCAL_PARAMS,
  minDeposit: 1n,
  minStake: 1_000n,
  maxClaimFee: 0n,
  outflowLimit: 1n,
  length: LOCAL_PARAMS.epochSlots,
  maturity: 0,
  outflowWindow: 1,
  maxPause: 1,
  cooldownEpochs: LOCAL_PARAMS.evidenceEpochs,
  inactiveEpochs: 1,
  appealEpochs: 1,
  retainEpochs: 1,
  ratePpm: 200_000,
  verifierBps: 0,
  settleBps: 0,
  maxSlashBps: 0,
  slashRevealsBps: 0,
  slashTraceBps: 0,
  slashEvidenceBps: 0,
  kindsHash: new Uint8Array(32),
}

export { mint }
