// A network of scripted verifiers with settlers, in memory; slots and time by hand.
import { bytesOf, type Epoch, type Params, readNetwork, type Signer } from '@piecework/chain'
import { type MemoryChain, type MemoryNetwork, MemoryNetworks, SlotTime } from '@piecework/testkit'
import { type Ledgers, localParams, memoryHarness, TestNetwork } from '@piecework/testkit/settlement'
import {
  type BesideVerifier,
  makeSettler,
  type Settler,
  type SettlingOptions,
  settling,
} from '../../src/index.ts'
import { KeptLog } from './log.ts'
import { settled } from './settled.ts'
import { ScriptedVerifier } from './verifier.ts'

const SLOT_MS = 400
const QUARTERS = 4
const LONGEST_STOP_MS = 5_000
const LAMPORTS = 1_000_000_000n

export interface WorldOptions {
  readonly verifiers: number
  readonly params?: Partial<Params>
  readonly ledgers?: (epoch: number) => Ledgers
}

export interface RunningSettler {
  readonly settler: Settler
  readonly wallet: Signer
  readonly log: KeptLog
  readonly network: MemoryNetwork
}

export class World {
  readonly chain: MemoryChain
  readonly network: TestNetwork
  readonly networks: MemoryNetworks = new MemoryNetworks()
  readonly time: SlotTime = new SlotTime()
  readonly verifiers: readonly ScriptedVerifier[]
  readonly settlers: RunningSettler[] = []

  private constructor(chain: MemoryChain, network: TestNetwork, ledgers: (epoch: number) => Ledgers) {
    this.chain = chain
    this.network = network
    this.verifiers = network.voteKeys.map(
      (voteKey, id) =>
        new ScriptedVerifier({
          chain,
          network: this.networks.join(bytesOf(voteKey.address)),
          id,
          voteKey,
          ledgers,
        }),
    )
  }

  static async begin({ verifiers, params = {}, ledgers = () => ({}) }: WorldOptions): Promise<World> {
    const harness = memoryHarness()
    const network = new TestNetwork(harness, Array(verifiers).fill(1_000n))
    await network.begin(localParams(params))
    const world = new World(harness.chain, network, ledgers)
    for (const verifier of world.verifiers) await verifier.start()
    return world
  }

  async settle(
    name: string,
    changed: Partial<SettlingOptions> = {},
    beside?: BesideVerifier,
  ): Promise<RunningSettler> {
    const wallet = this.network.harness.key(`wallet of ${name}`)
    this.chain.fund(wallet.address, LAMPORTS)
    await this.slot()
    const network = this.networks.join(bytesOf(wallet.address))
    await network.start()
    const log = new KeptLog()
    const options = { ...settling.parse({}), ...changed }
    const ports = { chain: this.chain, network, time: this.time, log, wallet }
    const settler = makeSettler(options, beside === undefined ? ports : { ...ports, beside })
    await settler.start()
    const running = { settler, wallet, log, network }
    this.settlers.push(running)
    return running
  }

  /** Somebody else on the network. */
  async guest(name: string): Promise<MemoryNetwork> {
    const network = this.networks.join(bytesOf(this.network.harness.key(name).address))
    await network.start()
    return network
  }

  /** Slots pass until it is settled. */
  async during<T>(work: Promise<T>): Promise<T> {
    let pending = true
    const done = work.finally(() => {
      pending = false
    })
    done.catch(() => {})
    await settled()
    await this.until(() => !pending)
    return done
  }

  /** One slot, with all that happens in it. */
  async slot(): Promise<void> {
    this.chain.tick()
    for (let quarter = 0; quarter < QUARTERS; quarter++) {
      await settled()
      this.time.pass(SLOT_MS / QUARTERS)
    }
    await settled()
  }

  async slots(count: number): Promise<void> {
    for (let slot = 0; slot < count; slot++) await this.slot()
  }

  async until(holds: () => Promise<boolean> | boolean, slots = 1_000): Promise<void> {
    for (let slot = 0; slot < slots; slot++) {
      if (await holds()) return
      await this.slot()
    }
    throw new Error(`it did not come to that in ${slots} slots`)
  }

  async untilFinal(epoch: number): Promise<void> {
    await this.until(async () => (await this.network.state()).lastFinal >= epoch)
  }

  async epochs(): Promise<readonly Epoch[]> {
    return (await readNetwork(this.chain)).value.epochs
  }

  async stop(): Promise<void> {
    const stopping = this.settlers.map(({ settler }) => settler.stop())
    await settled()
    // No slot comes any more: what is under way is given up when its time is over.
    this.time.pass(LONGEST_STOP_MS)
    await Promise.all(stopping)
  }
}
