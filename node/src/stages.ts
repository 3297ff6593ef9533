// The stages of a node, each joined to the next: what one makes is passed on to the one after it.
import type { Log } from '@piecework/api'
import { bytesOf, type Chain, parseAddress, type Time } from '@piecework/chain'
import type { Network } from '@piecework/network'
import type { HeldBatch, SigningKey } from '@piecework/protocol'
import type { Store } from '@piecework/store'
import type { Answers, FetchOptions, GuardedFetch, Kinds, Sandbox } from '@piecework/work'
import { Claim } from './claim.ts'
import { agreedIn } from './common/consent.ts'
import { NodeContent } from './common/content.ts'
import { Jobs } from './common/jobs.ts'
import { LatencyLog } from './common/latencies.ts'
import { rowsOf } from './common/recover.ts'
import { Verifiers } from './common/verifiers.ts'
import { Web } from './common/web.ts'
import type { Word } from './common/word.ts'
import { type NodeConfig, USUAL_LINK_MB } from './config.ts'
import { Deal } from './deal.ts'
import { Deliver } from './deliver.ts'
import { Enrol } from './enrol.ts'
import { Follow } from './follow.ts'
import { Links } from './links.ts'
import { Publish } from './publish.ts'
import { Questions } from './questions.ts'
import { Recorder } from './record.ts'
import { Standing } from './standing.ts'
import { Work } from './work.ts'

/** A row waits so long for its batch, where the config does not say. */
const BATCH_MS = { local: 1_000, public: 10_000 } as const

const BYTES_OF_MB = 1_048_576

/** What of the config matters here; the rest says where things are. */
export type NodeSettings = Pick<
  NodeConfig,
  'wallet' | 'kinds' | 'attributes' | 'parallel' | 'batchSeconds' | 'claimFrom' | 'preset'
> &
  Partial<Pick<NodeConfig, 'refusedHosts' | 'linkMb'>>

export interface StagePorts {
  readonly chain: Chain
  readonly network: Network
  readonly store: Store
  readonly sandbox: Sandbox
  readonly kinds: Kinds
  /** The contributor's own program that answers; without one, people do. */
  readonly program?: Answers | undefined
  /** In place of the guarded fetch: for tests, and the local network with its own site. */
  readonly fetchOf?: ((options: FetchOptions) => GuardedFetch) | undefined
  readonly key: SigningKey
  /** The enrolment that `join` made. */
  readonly joined?: Uint8Array | undefined
  readonly time: Time
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** At least 0, less than 1. */
  readonly random: () => number
  /** Bytes that nobody can guess. */
  readonly randomBytes: (length: number) => Uint8Array
  readonly log: Log
}

/** What the main does with what stages make, beside passing it on. */
export interface Heard {
  /** A batch waits to be sent: at once, not with the next slot. */
  readonly signed: () => void
  readonly said: (word: Word) => void
}

export interface Stages {
  readonly verifiers: Verifiers
  readonly jobs: Jobs
  readonly content: NodeContent
  readonly questions: Questions
  readonly web: Web
  readonly latencies: LatencyLog
  readonly enrol: Enrol
  readonly deal: Deal
  readonly work: Work
  readonly standing: Standing
  readonly links: Links
  readonly record: Recorder
  readonly publish: Publish
  readonly deliver: Deliver
  readonly follow: Follow
  readonly claim: Claim
}

export function makeStages(config: NodeSettings, ports: StagePorts, heard: Heard): Stages {
  const { chain, store, key, kinds } = ports
  const { receipts, settings } = store
  const { consent, capacities } = agreedIn(config, kinds)
  const { attributes, parallel, claimFrom: threshold } = config
  const verifiers = new Verifiers(ports)
  const content = new NodeContent({ store: store.content, verifiers })
  const jobs = new Jobs({ chain, kinds, content })
  const questions = new Questions({ settings, program: ports.program })
  const web = new Web({ ...ports, refusedHosts: config.refusedHosts ?? [] })
  const latencies = new LatencyLog()
  const networkId = bytesOf(chain.at.network)
  const all = { ...ports, networkId, nodeKey: key.publicKey, verifiers, jobs, content, receipts, settings }

  const enrol = new Enrol({ ...all, kinds: capacities, attributes, joined: ports.joined })
  const deal = new Deal({ ...all, pass: (tasks) => work.take(tasks) })
  const work = new Work({ ...all, consent, questions, web, parallel, pass: (done) => record.keep(done) })
  const linkBytes = (config.linkMb ?? USUAL_LINK_MB) * BYTES_OF_MB
  const standing = new Standing({ ...all, consent, linkBytes, pass: (done) => record.keep(done) })
  const links = new Links({ ...all, linkBytes, plans: (epoch) => standing.plansOf(epoch) })
  const batchIntervalMs = (config.batchSeconds ?? 0) * 1_000 || BATCH_MS[config.preset]
  const pass = (batch: HeldBatch, endedAt: number): void => {
    publish.take(batch)
    latencies.signed({ epoch: batch.epoch, seq: batch.seq, endedAt })
    heard.signed()
  }
  const record = new Recorder({ ...all, batchIntervalMs, pass })
  const lost = async (batches: readonly HeldBatch[]): Promise<void> => {
    const rows = []
    for (const batch of batches) rows.push(...(await rowsOf({ receipts, jobs }, batch)))
    // All or none: if one can't be read, all are given back once more.
    record.resume(rows)
  }
  const publish = new Publish({ ...all, lost })
  const deliver = new Deliver(all)
  const acknowledged = (head: Parameters<Publish['acknowledged']>[0]): void => publish.acknowledged(head)
  const said = (word: Word): void => {
    latencies.decided(word.results)
    heard.said(word)
  }
  const follow = new Follow({ ...all, acknowledged, pass: said })
  const wallet = bytesOf(parseAddress(config.wallet))
  const landed = (epoch: number, at: number): void => latencies.landed(epoch, at)
  const claim = new Claim({ ...all, wallet, threshold, landed })
  const shared = { verifiers, jobs, content, questions, web, latencies }
  return { ...shared, enrol, deal, work, standing, links, record, publish, deliver, follow, claim }
}
