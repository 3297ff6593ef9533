// A verifier as a node sees it: it takes batches and enrolments, and answers what a test tells it to.
import {
  DataAnswers,
  type DealtTask,
  type DeliverQuestion,
  type LedgerAnswer,
  type Network,
  type NodeStanding,
  protocols,
  type RelayAnswer,
  type RelayQuestion,
  type StintResult,
} from '@piecework/network'
import {
  ackCodec,
  type HeldBatch,
  joinSigned,
  messageHash,
  RowsView,
  readBatch,
  rowCommit,
  type SigningKey,
  toHex,
} from '@piecework/protocol'

export interface VerifierScript {
  readonly id: number
  readonly key: SigningKey
  readonly networkId: Uint8Array
  readonly network: Network
}

export class ScriptedVerifier {
  readonly script: VerifierScript
  readonly batches: HeldBatch[] = []
  readonly enrolments: Uint8Array[] = []
  readonly delivered: DeliverQuestion[] = []
  readonly relayed: RelayQuestion[] = []
  /** By epoch. */
  readonly deals: Map<number, readonly DealtTask[]> = new Map()
  /** By epoch: what is dealt in it is said only then. */
  readonly slow: Map<number, Promise<void>> = new Map()
  readonly content: Map<string, Uint8Array> = new Map()
  epoch = -1
  index: number | undefined = 0
  standing: NodeStanding | undefined
  results: StintResult[] = []
  ledger: LedgerAnswer = { epoch: -1, leaves: [] }
  acknowledges = true
  /** Of something long it gives the first piece, and never another. */
  holdsBack = false
  /** What it answers in place of acknowledgements. */
  junk: readonly Uint8Array[] | undefined
  /** Signs with another key than its own. */
  signsAs: SigningKey | undefined

  constructor(script: VerifierScript) {
    this.script = script
  }

  async start(): Promise<void> {
    const { network } = this.script
    network.subscribe('batches', async ({ bytes }) => {
      const batch = readBatch(bytes.slice())
      if (!this.batches.some(({ hash }) => toHex(hash) === toHex(batch.hash))) this.batches.push(batch)
      return 'sound'
    })
    network.subscribe('enrolments', async ({ bytes }) => {
      this.enrolments.push(bytes.slice())
      return 'sound'
    })
    network.answer(protocols.work, async ({ epoch }) => {
      await this.slow.get(epoch)
      return { node: this.index, tasks: this.deals.get(epoch) ?? [] }
    })
    const answers = new DataAnswers(async (_, hash) => this.content.get(toHex(hash)))
    network.answer(protocols.data, (question) => answers.data(question))
    network.answer(protocols.piece, (question) =>
      this.holdsBack && question.at > 0 ? new Promise(() => {}) : answers.piece(question),
    )
    network.answer(protocols.status, async ({ nodeKey, from }) => ({
      epoch: this.epoch,
      acks: this.junk ?? (this.acknowledges ? this.#acks(nodeKey) : []),
      standing: this.standing,
      results: this.results.filter(({ epoch }) => epoch >= from),
    }))
    network.answer(protocols.deliver, async (question) => {
      this.delivered.push(question)
      return { kept: question.openings.filter((one) => this.#opens(question, one)).length }
    })
    network.answer(protocols.ledger, async () => this.ledger)
    await network.start()
  }

  /** From here on it carries claims. */
  carries(relay: (question: RelayQuestion) => Promise<RelayAnswer>): void {
    this.script.network.answer(protocols.relay, async (question) => {
      this.relayed.push(question)
      return relay(question)
    })
  }

  #acks(nodeKey: Uint8Array): Uint8Array[] {
    const heads = new Map<number, HeldBatch>()
    for (const batch of this.batches) {
      const before = heads.get(batch.epoch)
      if (before === undefined || before.seq < batch.seq) heads.set(batch.epoch, batch)
    }
    const { id, key, networkId } = this.script
    return [...heads.values()].map(({ epoch, seq, hash }) => {
      const message = ackCodec.encode({ networkId, epoch, verifierId: id, nodeKey, seq, head: hash })
      return joinSigned({
        signature: (this.signsAs ?? key).sign(messageHash('pw/ack', networkId, message)),
        message,
      })
    })
  }

  #opens(
    { epoch, nodeKey }: DeliverQuestion,
    { seq, row, salt, output }: DeliverQuestion['openings'][number],
  ): boolean {
    const batch = this.batches.find((one) => one.epoch === epoch && one.seq === seq)
    if (batch === undefined) return false
    const commit = new RowsView(batch.rows).commit(row)
    return toHex(commit) === toHex(rowCommit({ nodeKey, salt, output }))
  }
}

/** Of a node that has just entered. */
export const aStanding: NodeStanding = {
  node: 0,
  account: undefined,
  bond: 0n,
  vouched: 100n,
  held: 0n,
  target: 0n,
  barredUntil: -1,
  failedAt: -1,
  nonce: 0n,
  expiresAtEpoch: 1_000_000,
}
