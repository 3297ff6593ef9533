// A contributor by script: asks for its part, does it in the sandbox, and delivers it to its checkers.
import { createHash } from 'node:crypto'
import { bytesOf, type Epoch, type NetworkState, paramsOf, seatsOf } from '@piecework/chain'
import { type DealtTask, protocols, type RowOpening } from '@piecework/network'
import {
  drawCheckers,
  type HeldBatch,
  readBatch,
  rowCommit,
  type SigningKey,
  signBatch,
  ZERO_HASH,
} from '@piecework/protocol'
import type { MemoryNetwork, SeededRandom } from '@piecework/testkit'
import { type Kinds, readJobSpec, type Sandbox } from '@piecework/work'

export interface ContributorOptions {
  readonly key: SigningKey
  readonly wallet: Uint8Array
  readonly networkId: Uint8Array
  readonly network: MemoryNetwork
  readonly kinds: Kinds
  readonly sandbox: Sandbox
  readonly random: SeededRandom
}

export class Contributor {
  readonly options: ContributorOptions
  /** Bytes by their SHA-256, as they were uploaded. */
  readonly content: Map<string, Uint8Array> = new Map()
  /** By epoch. */
  readonly sent: Map<number, { readonly batch: HeldBatch; readonly openings: readonly RowOpening[] }> =
    new Map()
  /** Changes an output before its row is written. */
  fake: (output: Uint8Array) => Uint8Array = (output) => output

  constructor(options: ContributorOptions) {
    this.options = options
  }

  add(bytes: Uint8Array): Uint8Array {
    const hash = createHash('sha256').update(bytes).digest()
    this.content.set(hash.toString('hex'), bytes)
    return new Uint8Array(hash)
  }

  async dealt(epoch: number, verifier: Uint8Array): Promise<readonly DealtTask[]> {
    const { network, key } = this.options
    return (await network.ask(protocols.work, { epoch, nodeKey: key.publicKey }, verifier)).tasks
  }

  /** One batch with all of it. */
  async work(epoch: number, tasks: readonly DealtTask[], spec: Uint8Array): Promise<HeldBatch> {
    const { key, networkId, network, kinds, sandbox, random } = this.options
    const { job } = readJobSpec(spec, kinds)
    const content = { get: async (hash: Uint8Array) => this.#held(hash) }
    const done = await Promise.all(
      tasks.map(async ({ job: index, task }) => {
        const output = this.fake((await job.perform?.(task, { sandbox, content })) ?? new Uint8Array())
        const salt = random.bytes(32)
        const commit = rowCommit({ nodeKey: key.publicKey, salt, output })
        return { row: { job: index, task, units: 1, at: 0, commit }, salt, output }
      }),
    )
    const rows = done.map(({ row }) => row)
    const batch = { networkId, epoch, nodeKey: key.publicKey, seq: 0, prev: ZERO_HASH, rows }
    const signed = readBatch(signBatch(batch, (hash) => key.sign(hash)))
    const openings = done.map(({ salt, output }, row) => ({ seq: 0, row, salt, output }))
    this.sent.set(epoch, { batch: signed, openings })
    await network.publish('batches', signed.signed)
    return signed
  }

  /** To each of its checkers; true when some can be reached, and keep it all. */
  async deliver(epoch: Epoch, state: NetworkState): Promise<boolean> {
    const { key, network } = this.options
    const nodeKey = key.publicKey
    const { checkers: count } = paramsOf(state.network, epoch.number)
    const ids = drawCheckers({
      seed: epoch.seed,
      nodeKey,
      epoch: epoch.number,
      candidates: seatsOf(epoch),
      count,
    })
    const openings = this.sent.get(epoch.number)?.openings ?? []
    const kept: number[] = []
    for (const seat of seatsOf(epoch).filter(({ id }) => ids.includes(id))) {
      const question = { epoch: epoch.number, nodeKey, openings }
      const answer = await network
        .ask(protocols.deliver, question, bytesOf(seat.voteKey))
        .catch(() => undefined)
      if (answer !== undefined) kept.push(answer.kept)
    }
    return kept.length > 0 && kept.every((count) => count === openings.length)
  }

  #held(hash: Uint8Array): Uint8Array {
    const bytes = this.content.get(Buffer.from(hash).toString('hex'))
    if (bytes === undefined) throw new Error('it was not uploaded')
    return bytes
  }
}
