// Catch-up: the state to go on from, at the start and whenever others were faster: what is on disk, the genesis, or the
// newest final state that the chain names, page by page from others.
import type { Log } from '@piecework/api'
import { type Chain, type FinalRoot, finalRoot } from '@piecework/chain'
import {
  equalBytes,
  h,
  type Manifest,
  readManifest,
  readStateFile,
  restoreState,
  type State,
  toHex,
} from '@piecework/protocol'
import { type Store, StoreError } from '@piecework/store'
import { isProposal } from './common/hashes.ts'
import type { Moment } from './common/moment.ts'
import type { Nodes } from './common/nodes.ts'
import type { Others } from './common/others.ts'
import { readOrNothing } from './common/read-or-nothing.ts'
import type { States } from './common/states.ts'
import { VerifierError } from './errors.ts'
import { readProposal } from './proposal.ts'

export interface CatchUpPorts {
  readonly chain: Chain
  readonly store: Store
  readonly others: Others
  readonly states: States
  readonly nodes: Nodes
  readonly genesis?: Uint8Array | undefined
  readonly log: Log
}

export class CatchUp {
  readonly #ports: CatchUpPorts

  constructor(ports: CatchUpPorts) {
    this.#ports = ports
  }

  async see(moment: Moment): Promise<'rested' | undefined> {
    const { states, chain } = this.#ports
    if (states.newest === undefined) await this.#begin(moment)
    const newest = states.newest?.epoch ?? -2
    if (newest >= moment.state.network.lastFinal) return 'rested'
    const root = await finalRoot(chain)
    // What is final and not here was computed by others; what is computed here settles by itself.
    if (root === undefined || root.epoch <= newest || root.epoch <= (states.newest?.epoch ?? -2))
      return 'rested'
    await this.#restore(root)
    return undefined
  }

  /** From disk, or the genesis where nothing is settled yet. */
  async #begin({ state: { network } }: Moment): Promise<void> {
    const stored = await this.#stored()
    if (stored !== undefined) this.#take(stored)
    else if (network.lastFinal < 0) this.#take(await this.#genesis(network.genesisHash))
  }

  async #stored(): Promise<State | undefined> {
    const { store, log } = this.#ports
    for (const { epoch } of (await store.states.all()).toReversed()) {
      try {
        return await store.states.restore(epoch)
      } catch (error) {
        // Fetched again from others, as if it had never been here.
        if (!(error instanceof StoreError)) throw error
        log.warn('state-damaged', { epoch, why: error.message })
      }
    }
    return undefined
  }

  async #genesis(hash: Uint8Array): Promise<State> {
    const { genesis, store } = this.#ports
    if (genesis === undefined) {
      const state = await this.#fetched(hash)
      if (state !== undefined) {
        await store.states.save(state)
        return state
      }
      const message =
        'No verifier has the genesis state, and the config names no file of it: add `genesis` to the config.'
      throw new VerifierError('genesis/wrong', message, { hash })
    }
    const { state, paged } = readStateFile(genesis)
    if (!equalBytes(paged.stateHash, hash)) {
      const message =
        'The file of the genesis state is that of another network: take the one that this network was made with.'
      throw new VerifierError('genesis/wrong', message, { hash, found: paged.stateHash })
    }
    await store.states.save(state)
    return state
  }

  async #restore({ epoch, attestation }: FinalRoot): Promise<void> {
    const { others, store, log } = this.#ports
    const found = await others.fetch({ sort: 'proposal', hashes: [attestation], isRight: isProposal })
    const bytes = found.get(toHex(attestation))
    const state =
      bytes === undefined ? undefined : await this.#fetched(readProposal(bytes).attestation.stateHash)
    if (state === undefined) {
      const message = `The state of epoch ${epoch}, which is final, can't be had from any verifier now: it is asked for again.`
      throw new VerifierError('state/behind', message, { epoch })
    }
    await store.states.save(state)
    this.#take(state)
    log.info('caught-up', { epoch })
  }

  async #fetched(hash: Uint8Array): Promise<State | undefined> {
    const { others } = this.#ports
    const isManifest = (wanted: Uint8Array, bytes: Uint8Array): boolean =>
      equalBytes(h('pw/state', bytes), wanted)
    const manifests = await others.fetch({ sort: 'manifest', hashes: [hash], isRight: isManifest })
    const manifest = manifests.get(toHex(hash))
    const read = manifest === undefined ? undefined : readOrNothing(() => readManifest(manifest, hash))
    return read === undefined ? undefined : this.#pages(read)
  }

  async #pages(manifest: Manifest): Promise<State | undefined> {
    const { others, store } = this.#ports
    const pages = new Map<string, Uint8Array>()
    const hashes = manifest.sections.flat()
    for (const hash of hashes) {
      const page = await store.states.page(hash)
      if (page !== undefined) pages.set(toHex(hash), page)
    }
    const missing = hashes.filter((hash) => !pages.has(toHex(hash)))
    const found = await others.fetch({ sort: 'page', hashes: missing, isRight: isPage })
    return readOrNothing(() =>
      restoreState(manifest, (hash) => pages.get(toHex(hash)) ?? found.get(toHex(hash)) ?? new Uint8Array()),
    )
  }

  #take(state: State): void {
    this.#ports.states.add(state)
    this.#ports.nodes.see(state)
  }
}

/** By one of the sections' tags. */
const isPage = (hash: Uint8Array, page: Uint8Array): boolean =>
  PAGE_TAGS.some((tag) => equalBytes(h(tag, page), hash))
const PAGE_TAGS = ['pw/state', 'pw/nodes', 'pw/workforce'] as const
