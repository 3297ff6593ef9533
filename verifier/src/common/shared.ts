// What all stages of one verifier share: who it is, what it keeps, and what it knows of the epochs that run.
import { addressOf, bytesOf } from '@piecework/chain'
import { verifySignature } from '@piecework/protocol'
import type { EpochFiles, OpeningStore, SigningGuard } from '@piecework/store'
import { Offers } from '../offers.ts'
import { Results } from '../results.ts'
import { VerifierContent } from './content.ts'
import { Epochs } from './epochs.ts'
import { JOB_CONTENT_BYTES, JobContent } from './job-content.ts'
import { Jobs } from './jobs.ts'
import { MeasuredLinks } from './measured.ts'
import { Nodes } from './nodes.ts'
import { Others } from './others.ts'
import type { VerifierPorts } from './ports.ts'
import { Secrets } from './secrets.ts'
import { Seeds } from './seeds.ts'
import { States } from './states.ts'

export interface Shared extends VerifierPorts {
  readonly networkId: Uint8Array
  readonly voteKey: Uint8Array
  readonly nodes: Nodes
  readonly states: States
  readonly others: Others
  readonly guard: SigningGuard
  readonly openings: OpeningStore
  readonly content: VerifierContent
  readonly jobContent: JobContent
  readonly duties: EpochFiles
  readonly epochs: Epochs
  readonly jobs: Jobs
  readonly offers: Offers
  readonly results: Results
  readonly seeds: Seeds
  readonly secrets: Secrets
  readonly measured: MeasuredLinks
}

export function sharedBy(ports: VerifierPorts): Shared {
  const { chain, store, kinds, sandbox, key } = ports
  const { guard, openings, settings, duties } = store
  const networkId = bytesOf(chain.at.network)
  const nodes = new Nodes()
  const others = new Others(ports)
  const content = new VerifierContent({ store: store.content, settings, others })
  return {
    ...ports,
    networkId,
    voteKey: key.publicKey,
    nodes,
    states: new States(),
    others,
    guard,
    openings,
    content,
    jobContent: new JobContent({ content, kinds, most: JOB_CONTENT_BYTES }),
    duties,
    epochs: new Epochs({ networkId, nodes, verify: verifySignature }),
    jobs: new Jobs({ kinds, content, sandbox, networkId }),
    offers: new Offers(addressOf(key.publicKey)),
    results: new Results(store.results),
    seeds: new Seeds(settings),
    secrets: new Secrets({ duties, randomBytes: ports.randomBytes }),
    measured: new MeasuredLinks(store.results),
  }
}
