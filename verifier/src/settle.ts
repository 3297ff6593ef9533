// Settle: when the chain calls an epoch final, its state is the one that the next is built on; once that can't be rolled
// back any more, it goes to disk, and what only led to it is let go.
import type { Log } from '@piecework/api'
import { type Chain, finalRoot, type Network, paramsOf, rootOf } from '@piecework/chain'
import { toHex } from '@piecework/protocol'
import type { EpochFiles, Store } from '@piecework/store'
import { FINAL_NAME } from './common/compute.ts'
import type { Computed } from './common/epoch-work.ts'
import type { Epochs } from './common/epochs.ts'
import type { Moment } from './common/moment.ts'
import type { Nodes } from './common/nodes.ts'
import type { Seeds } from './common/seeds.ts'
import type { States } from './common/states.ts'
import { failedIn, type Results } from './results.ts'

/** Epochs whose proposals, facts and inventories are served to who was away. */
const SERVED_EPOCHS = 8

export interface SettlePorts {
  readonly chain: Chain
  readonly epochs: Epochs
  readonly states: States
  readonly nodes: Nodes
  readonly duties: EpochFiles
  readonly seeds: Seeds
  readonly results: Pick<Results, 'prune'>
  readonly store: Store
  readonly log: Log
  /** An epoch is final: what is told of it from now on. The same again, when it failed before. */
  readonly pass: (computed: Computed) => Promise<void>
}

export class Settle {
  readonly #ports: SettlePorts
  #saved = -1

  constructor(ports: SettlePorts) {
    this.#ports = ports
  }

  /** The newest state on disk. */
  get saved(): number {
    return this.#saved
  }

  async see(moment: Moment): Promise<'rested' | undefined> {
    const { states, chain, store } = this.#ports
    await this.#follow(moment)
    const newest = states.newest?.epoch ?? -1
    if (newest <= this.#saved || moment.state.network.lastFinal <= this.#saved) return 'rested'
    const root = await finalRoot(chain)
    const last = Math.min(root?.epoch ?? -1, newest)
    // States before those in memory were saved in an earlier run, or never known here.
    for (let epoch = Math.max(this.#saved, last - SERVED_EPOCHS) + 1; epoch <= last; epoch++) {
      const state = states.at(epoch)
      if (state !== undefined) await store.states.save(state)
      await this.#letGo(epoch, moment)
      this.#saved = epoch
    }
    return undefined
  }

  /** What was computed and is final. Another one's result is not looked for here: catch-up does. */
  async #follow({ state: { network } }: Moment): Promise<void> {
    const { states, nodes, duties, log, pass } = this.#ports
    for (;;) {
      const next = (states.newest?.epoch ?? -2) + 1
      const computed = this.#computed(network, next)
      if (computed === undefined) return
      await duties.keep(next, [{ name: FINAL_NAME, bytes: computed.bytes }])
      // If it fails, it is passed again: that an epoch's state is here says that its results are taken.
      await pass(computed)
      states.add(computed.applied.state)
      nodes.see(computed.applied.state)
      log.info('settled', { epoch: next, round: computed.proposal.attestation.round })
    }
  }

  #computed(network: Network, epoch: number): Computed | undefined {
    const root = rootOf(network, epoch)
    return root && this.#ports.epochs.get(epoch)?.computed.get(toHex(root.attestation))
  }

  /** No requester gets these outputs, and evidence has its own. Of an epoch that others computed they go with their time. */
  async #dropFailed(computed: Computed | undefined): Promise<void> {
    const { nodes, store } = this.#ports
    for (const { epoch, node } of computed === undefined ? [] : failedIn(computed)) {
      const nodeKey = nodes.keyOf(node)
      if (nodeKey !== undefined) await store.openings.drop({ epoch, nodeKey })
    }
  }

  /** What only led to it, and what is older than anybody may ask for. */
  async #letGo(epoch: number, { state: { network } }: Moment): Promise<void> {
    await this.#dropFailed(this.#computed(network, epoch))
    const { epochs, duties, seeds, results, store } = this.#ports
    const { retainEpochs, carryEpochs, evidenceEpochs } = paramsOf(network, epoch)
    const before = (epochsBack: number): number => Math.max(0, epoch - epochsBack)
    // A stint is decided within carryEpochs, and requesters get what was paid for retainEpochs: nobody asks after that.
    const outputsFrom = before(Math.max(retainEpochs, carryEpochs))
    const resultsFrom = before(Math.max(retainEpochs, carryEpochs, evidenceEpochs))
    epochs.drop(epoch)
    await duties.prune(before(SERVED_EPOCHS - 1))
    await seeds.drop(epoch - 2 * carryEpochs)
    await results.prune(resultsFrom)
    await store.batches.prune(outputsFrom)
    await store.openings.prune(outputsFrom)
    await store.evidence.prune(before(evidenceEpochs))
    await store.guard.prune(before(SERVED_EPOCHS))
  }
}
