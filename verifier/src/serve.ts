// Serve: answers nodes, wallets and requesters from what is settled: standing and acknowledgements, leaves of final
// ledgers, paid outputs.
import {
  LEDGER_LEAVES,
  type LedgerAnswer,
  type LedgerQuestion,
  type NodeStanding,
  type ProvenLeaf,
  STATUS_ACKS,
  STATUS_RESULTS,
  type StatusAnswer,
  type StatusQuestion,
} from '@piecework/network'
import {
  ackCodec,
  bondTarget,
  equalBytes,
  HASH_BYTES,
  joinSigned,
  ledgersOf,
  NEVER,
  type SigningKey,
  type State,
  signMessage,
  Tree,
  toHex,
  ZERO_HASH,
} from '@piecework/protocol'
import type { Epochs } from './common/epochs.ts'
import type { Nodes } from './common/nodes.ts'
import type { States } from './common/states.ts'
import { refused } from './errors.ts'
import type { Results } from './results.ts'

export interface ServePorts {
  readonly networkId: Uint8Array
  readonly key: SigningKey
  readonly epochs: Epochs
  readonly states: States
  readonly nodes: Nodes
  readonly results: Results
  /** The id that acknowledgements of an epoch are signed with; undefined without a seat in it. */
  readonly idIn: (epoch: number) => number | undefined
  /** The newest epoch that is final and can't be rolled back. */
  readonly saved: () => number
}

interface Trees {
  readonly state: State
  readonly accounts: Tree
  readonly jobs: Tree
  readonly slashes: Tree
}

export class Serve {
  readonly #ports: ServePorts
  #trees: Trees | undefined

  constructor(ports: ServePorts) {
    this.#ports = ports
  }

  async status({ nodeKey, from }: StatusQuestion): Promise<StatusAnswer> {
    const { states, nodes, results } = this.#ports
    const state = states.newest
    const node = nodes.indexOf(nodeKey)
    const standing = state === undefined || node === undefined ? undefined : standingOf(state, node)
    return {
      epoch: state?.epoch ?? NEVER,
      acks: this.#acks(nodeKey).slice(-STATUS_ACKS),
      standing,
      results: node === undefined ? [] : (await results.of(node, from)).slice(0, STATUS_RESULTS),
    }
  }

  /** Of heads that are on disk, in epochs that are not settled. */
  #acks(nodeKey: Uint8Array): readonly Uint8Array[] {
    const { networkId, key, epochs, idIn } = this.#ports
    return epochs.all().flatMap(({ number: epoch, heads }) => {
      const head = heads.get(toHex(nodeKey))
      const verifierId = idIn(epoch)
      if (head === undefined || verifierId === undefined) return []
      const bytes = ackCodec.encode({ networkId, epoch, verifierId, nodeKey, seq: head.seq, head: head.hash })
      const signature = signMessage(key, { tag: 'pw/ack', networkId, bytes })
      return [joinSigned({ signature, message: bytes })]
    })
  }

  /** Under the newest root that can't be rolled back: what stands under it, the chain pays. */
  async ledger({ ledger, owner, index }: LedgerQuestion): Promise<LedgerAnswer> {
    const trees = this.#newestTrees()
    if (trees === undefined) throw refused('no epoch is final yet')
    const { state } = trees
    const indices = LEAVES[ledger].owned(state, owner).filter((one) => index === undefined || one === index)
    const leaves = indices.slice(0, LEDGER_LEAVES).map(
      (one): ProvenLeaf => ({
        index: one,
        minAmount: 0n,
        maxFee: 0n,
        done: false,
        rest: ZERO_HASH,
        ...LEAVES[ledger].leaf(state, one),
        proof: trees[ledger].proof(one),
      }),
    )
    return { epoch: state.epoch, leaves }
  }

  #newestTrees(): Trees | undefined {
    const state = this.#ports.states.at(this.#ports.saved())
    if (state === undefined || state.epoch < 0) return undefined
    if (this.#trees?.state !== state) {
      const { accounts, jobs, slashes } = ledgersOf(state)
      const treeOf = ({ leaves }: { readonly leaves: Uint8Array }): Tree => new Tree(leaves)
      this.#trees = { state, accounts: treeOf(accounts), jobs: treeOf(jobs), slashes: treeOf(slashes) }
    }
    return this.#trees
  }
}

interface Leaves {
  readonly owned: (state: State, owner: Uint8Array) => readonly number[]
  readonly leaf: (state: State, index: number) => Partial<ProvenLeaf> & { readonly amount: bigint }
}

function indicesOf<T>(list: readonly T[], is: (one: T) => boolean): readonly number[] {
  return list.flatMap((one, index) => (is(one) ? [index] : []))
}

const LEAVES: Readonly<Record<LedgerQuestion['ledger'], Leaves>> = {
  accounts: {
    owned: ({ accounts, owners }, wallet) =>
      indicesOf(accounts, ({ owner }) => equalBytes(owners[owner]?.wallet ?? NOBODY, wallet)),
    leaf: ({ accounts, owners }, index) => {
      const account = accounts[index]
      const { minAmount = 0n, maxFee = 0n } = owners[account?.owner ?? NEVER] ?? {}
      return { amount: account?.released ?? 0n, minAmount, maxFee }
    },
  },
  jobs: {
    owned: ({ jobs }, owner) => indicesOf(jobs, ({ job }) => equalBytes(job.requester, owner)),
    leaf: ({ jobs }, index) => ({ amount: jobs[index]?.charged ?? 0n, done: jobs[index]?.done ?? false }),
  },
  slashes: {
    owned: ({ verifiers }, owner) => indicesOf(verifiers, ({ operator }) => equalBytes(operator, owner)),
    leaf: ({ verifiers }, index) => ({ amount: verifiers[index]?.slashed ?? 0n }),
  },
}

/** No wallet is as short. */
const NOBODY = new Uint8Array(HASH_BYTES - 1)

function standingOf(state: State, node: number): NodeStanding | undefined {
  const record = state.nodes[node]
  if (record === undefined) return undefined
  const { bond, vouched, held, barredUntil, failedAt, nonce, expiresAtEpoch } = record
  const account = state.owners[record.owner]?.account ?? NEVER
  return {
    node,
    account: account === NEVER ? undefined : account,
    bond,
    vouched,
    held,
    target: bondTarget(record, state.epoch + 1),
    barredUntil,
    failedAt,
    nonce,
    expiresAtEpoch,
  }
}
