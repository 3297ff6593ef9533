// A settler that carries claims, in a network that owes something to a few wallets. It counts whatever the settler signs.
import { bytesOf, type Chain, openPage, type SendRequest, type Signer, type Time } from '@piecework/chain'
import type { RelayQuestion } from '@piecework/network'
import { makeSettler, type Settler, settling } from '@piecework/settler'
import { type MemoryNetwork, MemoryNetworks } from '@piecework/testkit'
import {
  accountsLedger,
  jobsLedger,
  type Ledger,
  type Ledgers,
  localParams,
  memoryHarness,
  slashesLedger,
  TERMS,
  TestNetwork,
} from '@piecework/testkit/settlement'

const WALLETS = 6
const LAMPORTS = 1_000_000_000n
const FEE = 20
/** Far more than an attack asks: limits are not what has to stop it. */
const CLAIMS = 100_000
/** What each wallet is owed under the roots of epochs 0 and 1. */
export const OWED: readonly [bigint, bigint] = [500n, 550n]

/** Nothing here waits for time. */
const NO_TIME: Time = {
  now: () => 0,
  wait: (_, signal) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    signal?.addEventListener('abort', () => resolve(), { once: true })
    return promise
  },
}

const QUIET = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

export class RelayWorld {
  readonly network: TestNetwork
  readonly wallets: readonly Signer[]
  readonly carrier: Signer
  readonly attacker: MemoryNetwork
  /** All that the settler has signed. */
  readonly signed: SendRequest[] = []
  readonly #networks = new MemoryNetworks()
  readonly #peer: MemoryNetwork
  readonly #settler: Settler
  readonly #tick: (slots: number) => void

  private constructor(network: TestNetwork, harness: ReturnType<typeof memoryHarness>) {
    const { chain, key } = harness
    this.network = network
    this.wallets = Array.from({ length: WALLETS }, (_, place) => key(`wallet ${place}`))
    this.carrier = key('carrier')
    this.#tick = (slots) => chain.tick(slots)
    this.#peer = this.#networks.join(bytesOf(this.carrier.address))
    this.attacker = this.#networks.join(bytesOf(key('attacker').address))
    chain.fund(this.carrier.address, LAMPORTS)
    const options = settling.parse({
      relay: { fee: FEE, perWallet: CLAIMS, total: CLAIMS, newAccounts: CLAIMS },
    })
    this.#settler = makeSettler(options, {
      chain: this.#watched(chain),
      network: this.#peer,
      time: NO_TIME,
      log: QUIET,
      wallet: this.carrier,
    })
  }

  /** With two final epochs, and the page on which claims are noted. */
  static async begin(): Promise<RelayWorld> {
    const harness = memoryHarness()
    const network = new TestNetwork(harness)
    await network.begin(localParams())
    await network.does([network.job(1n)])
    const world = new RelayWorld(network, harness)
    for (const epoch of [0, 1] as const) {
      await network.settle(epoch)
      await network.agree(epoch, world.ledgers(epoch))
    }
    const payer = harness.payer.address
    await network.does([openPage(harness.chain.at, { payer, number: 0 })])
    await Promise.all([world.#peer.start(), world.attacker.start(), world.#settler.start()])
    await world.slots(3)
    return world
  }

  get settlerKey(): Uint8Array {
    return this.#peer.self
  }

  ledgers(epoch: 0 | 1): Required<Ledgers> {
    return {
      accounts: this.accounts(epoch),
      jobs: jobsLedger(this.network.payer, 5_000n),
      slashes: slashesLedger(this.network.payer, [0n, 200n]),
    }
  }

  accounts(epoch: 0 | 1): Ledger {
    return accountsLedger(this.wallets.map((wallet) => ({ wallet, amount: OWED[epoch] })))
  }

  /** What a contributor asks: `place` is that of its wallet. */
  honest(place: number, epoch: 0 | 1): RelayQuestion {
    const wallet = this.wallets[place]
    if (wallet === undefined) throw new Error(`there is no wallet ${place}`)
    const index = place + 1
    const proof = this.accounts(epoch).proof(index)
    return {
      epoch,
      wallet: bytesOf(wallet.address),
      leaf: { ...TERMS, index, amount: OWED[epoch], done: false, proof },
    }
  }

  /** Slots pass, and everything happens that needs no more of them. */
  async slots(count: number): Promise<void> {
    for (let slot = 0; slot < count; slot++) {
      this.#tick(1)
      await settled()
    }
  }

  async stop(): Promise<void> {
    await this.#settler.stop()
  }

  #watched(chain: Chain): Chain {
    const send: Chain['send'] = (request) => {
      this.signed.push(request)
      return chain.send(request)
    }
    const { at, clock } = chain
    return {
      at,
      clock,
      send,
      accounts: chain.accounts.bind(chain),
      search: chain.search.bind(chain),
      transaction: chain.transaction.bind(chain),
      rent: chain.rent.bind(chain),
      onSlot: chain.onSlot.bind(chain),
      onAccount: chain.onAccount.bind(chain),
    }
  }
}

export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((next) => setImmediate(next))
}
