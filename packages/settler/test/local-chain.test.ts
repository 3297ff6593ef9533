// Settlers on the real program: a local chain with slots by hand, and verifiers that offer and co-sign. Each test goes on
// where the one before ended.
import {
  bytesOf,
  inMask,
  networkAddress,
  type RpcChain,
  readNetwork,
  rpcChain,
  type Signer,
  seatsOf,
  signerFromSecret,
  timeOf,
} from '@piecework/chain'
import { type Localnet, startLocalnet } from '@piecework/localnet'
import { type Network, protocols, type RelayQuestion } from '@piecework/network'
import { programBytes } from '@piecework/program'
import { drawProposer } from '@piecework/protocol'
import { MemoryNetworks } from '@piecework/testkit'
import {
  accountsLedger,
  type Harness,
  jobsLedger,
  keyNamed,
  type Ledger,
  localParams,
  mint,
  nameHash,
  programId,
  TERMS,
  TestNetwork,
  TOKENS,
} from '@piecework/testkit/settlement'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeSettler, type Settler, settling } from '../src/index.ts'
import { KeptLog } from './support/log.ts'
import { ScriptedVerifier } from './support/verifier.ts'

const VERIFIERS = 10
/** A slot of this test: a settler's reading, asking and sending fit into it. */
const SLOT_MS = 60
const LAMPORTS = 1_000_000_000
/** Longer than the phases of this test together. */
const MOST_SLOTS = 400
/** Phases that a busy machine keeps, too. */
const PHASES = {
  length: 110,
  grace: 2,
  inventory: 20,
  margin: 2,
  challenge: 4,
  commit: 20,
  reveal: 2,
  round: 40,
  dispute: 4,
  maturity: 0,
}

describe('settlers on the local chain', () => {
  const time = timeOf(() => performance.now())
  const [worker, other] = [keyNamed('worker'), keyNamed('other worker')]
  const networks = new MemoryNetworks()
  const logs: KeptLog[] = []
  const clients: RpcChain[] = []
  const settlers: Settler[] = []
  const verifiers: ScriptedVerifier[] = []
  let localnet: Localnet
  let network: TestNetwork
  let contributor: Network
  let carrier: Uint8Array

  const owed: Ledger = accountsLedger([
    { wallet: worker, amount: 500n },
    { wallet: other, amount: 300n },
  ])

  async function client(): Promise<RpcChain> {
    const funded = signerFromSecret(localnet.fundedKey.subarray(0, 32))
    const endpoints = [{ url: localnet.url, wsUrl: localnet.wsUrl }]
    const options = { programId, network: networkAddress(programId, funded.address, nameHash), endpoints }
    const chain = rpcChain(
      { ...options, fastestSlotMs: 0, slotPollMs: SLOT_MS / 2 },
      { time, random: Math.random, fetch, openSocket: (url) => new WebSocket(url) },
    )
    await chain.start()
    clients.push(chain)
    return chain
  }

  /** Slots pass until it is settled. */
  async function during<T>(work: Promise<T>): Promise<T> {
    let pending = true
    const settled = work.finally(() => {
      pending = false
    })
    settled.catch(() => {})
    for (let slot = 0; pending && slot < MOST_SLOTS; slot++) {
      await localnet.tick(1)
      await Promise.race([settled.catch(() => {}), time.wait(SLOT_MS)])
    }
    if (pending) throw new Error(`it was not done in ${MOST_SLOTS} slots`)
    return settled
  }

  async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
    for (let slot = 0; slot < MOST_SLOTS; slot++) {
      if (await holds()) return
      await localnet.tick(1)
      await time.wait(SLOT_MS)
    }
    throw new Error(`it did not come to that in ${MOST_SLOTS} slots`)
  }

  async function settle(name: string): Promise<Uint8Array> {
    const wallet: Signer = keyNamed(name)
    const airdrop = { jsonrpc: '2.0', id: 1, method: 'requestAirdrop', params: [wallet.address, LAMPORTS] }
    const headers = { 'content-type': 'application/json' }
    await fetch(localnet.url, { method: 'POST', headers, body: JSON.stringify(airdrop) })
    await localnet.tick(1)
    const peer = networks.join(bytesOf(wallet.address))
    await peer.start()
    const log = new KeptLog()
    const options = settling.parse({ relay: { fee: 20, newAccountFee: 10 } })
    const settler = makeSettler(options, { chain: await client(), network: peer, time, log, wallet })
    logs.push(log)
    settlers.push(settler)
    await settler.start()
    return peer.self
  }

  beforeAll(async () => {
    localnet = await startLocalnet({
      slotMs: 0,
      programs: [{ address: programId, elf: programBytes() }],
      mints: [{ address: mint, decimals: 6, amount: TOKENS }],
    })
    await localnet.tick(10)
    const chain = await client()
    const payer = signerFromSecret(localnet.fundedKey.subarray(0, 32))
    const tick = async (slots: number): Promise<void> => void (await localnet.tick(slots))
    const stop = async (): Promise<void> => {}
    const harness: Harness = {
      chain,
      creator: payer,
      payer,
      nameHash,
      mint,
      key: keyNamed,
      tick,
      during,
      stop,
    }
    network = new TestNetwork(harness, Array(VERIFIERS).fill(1_000n))
    await network.begin(localParams(PHASES))
    await network.does([network.job(1n)])
    const ledgers = () => ({ accounts: owed, jobs: jobsLedger(payer, 900n) })
    for (const [id, voteKey] of network.voteKeys.entries()) {
      const peer = networks.join(bytesOf(voteKey.address))
      const verifier = new ScriptedVerifier({ chain, network: peer, id, voteKey, ledgers })
      verifier.holds.push(chain.at.job(payer.address, 1n))
      await verifier.start()
      verifiers.push(verifier)
    }
    contributor = networks.join(bytesOf(worker.address))
    await contributor.start()
    carrier = await settle('first settler')
    await settle('second settler')
  }, 60_000)

  afterAll(async () => {
    await Promise.all(settlers.map((settler) => settler.stop()))
    await Promise.all(clients.map((chain) => chain.stop()))
    await localnet.stop()
  })

  const done = (deed: keyof ReturnType<Settler['status']>['done']): number =>
    settlers.reduce((sum, settler) => sum + settler.status().done[deed], 0)

  it('open a job that verifiers hold', async () => {
    await until(() => done('holdings') > 3)
  })

  it('bring an epoch to its final roots in the first round that has a proposer, past one that does not answer', async () => {
    const [deaf] = verifiers
    if (deaf !== undefined) deaf.manner = 'deaf'
    await network.until((await network.epoch(0)).endsAt)
    await until(async () => (await network.state()).lastFinal === 0)
    const epoch = await network.epoch(0)
    const candidates = seatsOf(epoch)
    let round = 0
    // By the seed it may be the one that does not answer.
    while (drawProposer({ seed: epoch.seed, round, candidates }) === candidates[0]?.id) round += 1
    expect(epoch).toMatchObject({ round, state: 'final', inventoryMask: 1022n, commitMask: 1022n })
    expect(inMask(epoch.voteMask, 0)).toBe(false)
    expect([done('proposals'), done('seals'), done('finals')]).toEqual([1, 1, 1])
  }, 60_000)

  it('carry a claim of a wallet without SOL and without a token account', async () => {
    await until(() => done('pages') === 1)
    const wallet = bytesOf(worker.address)
    const leaf = { ...TERMS, index: 1, amount: 500n, done: false, proof: owed.proof(1) }
    const question: RelayQuestion = { epoch: 0, wallet, leaf }
    const answer = await during(contributor.ask(protocols.relay, question, carrier))
    expect(answer).toMatchObject({ paid: 470n, fee: 30n })
    expect(await network.balance(worker)).toBe(470n)
    expect(await network.balance(keyNamed('first settler'))).toBe(30n)
    await expect(during(contributor.ask(protocols.relay, question, carrier))).rejects.toThrow(
      'has been claimed already',
    )
    expect(settlers[0]?.status()).toMatchObject({ done: { claims: 1 }, feesEarned: '30' })
  }, 60_000)

  it('have paid for nothing that failed, and did nothing that they had to warn of', async () => {
    const { value } = await readNetwork(network.chain)
    expect(value.network.totals).toMatchObject({ charged: 900n, paid: 800n, claimed: 500n })
    const loud = logs.flatMap(({ lines }) =>
      lines.filter(({ level }) => level === 'warn' || level === 'error'),
    )
    expect(loud).toEqual([])
  })
})
