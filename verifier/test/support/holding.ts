// One job for those of an allow list, and the stage that holds its content; nothing of it is here yet.
import { addressOf, bytesOf, type FoundJob, readJobs } from '@piecework/chain'
import { protocols } from '@piecework/network'
import { keyFromSecret, rootOf, toHex } from '@piecework/protocol'
import type { MemoryDisks } from '@piecework/store'
import { loadKinds } from '@piecework/work'
import { expect } from 'vitest'
import { sha256 } from '../../src/common/hashes.ts'
import { JOB_CONTENT_BYTES, JobContent } from '../../src/common/job-content.ts'
import { Hold } from '../../src/hold.ts'
import { Offers } from '../../src/offers.ts'
import { type Bare, bare, CONTENT_QUOTA, hashOf } from './bare.ts'
import { example } from './scene.ts'

export const spec: Uint8Array = example('job.json')
export const inputs: readonly Uint8Array[] = ['align.wasm', 'reference.txt', 'reads.txt'].map(example)
export const wallets: Uint8Array = new Uint8Array([...hashOf('one wallet'), ...hashOf('another wallet')])
export const allowRoot: Uint8Array = rootOf(wallets)

export const rules: Uint8Array = new TextEncoder().encode('parameters of kinds')

export interface Holding extends Bare {
  readonly hold: Hold
  readonly jobContent: JobContent
  readonly job: Uint8Array
  /** Jobs on chain. */
  readonly found: FoundJob[]
  /** Another verifier gives all of it; says how often it was asked. */
  readonly serve: (more?: readonly Uint8Array[]) => Promise<() => number>
  /** Other jobs take all the room. */
  readonly fill: () => Promise<void>
  /** What is wanted on chain after it was told of a slot, so many after the first. */
  readonly see: (slots: number) => Promise<readonly unknown[]>
  /** The same, and what is fetched has come. */
  readonly wantedAfter: (slots: number) => Promise<readonly unknown[]>
}

interface Begun {
  /** Bytes of one job's content. */
  readonly most?: number
  readonly disks?: MemoryDisks
  readonly specHash?: Uint8Array
}

/** A job for those of an allow list, of which nothing is here. */
export async function holding({
  most = JOB_CONTENT_BYTES,
  disks,
  specHash = sha256(spec),
}: Begun = {}): Promise<Holding> {
  const all = await bare(disks)
  const { net, chain, networks, shared, moment } = all
  await net.does([net.job(1n, { specHash, allowRoot, tasks: 20, maxUnits: 1 })])
  const found = [...(await readJobs(chain)).value]
  const kinds = await loadKinds([], (name) => import(name))
  const offers = new Offers(addressOf(shared.voteKey))
  const jobContent = new JobContent({ content: shared.content, kinds, most })
  const hold = new Hold({ ...shared, jobContent, offers, rules, onChain: () => found })
  const first = await moment()
  shared.others.see(first)
  const see: Holding['see'] = async (slots) => {
    const now = await moment(first.slot + slots)
    offers.see(now)
    await hold.see(now)
    return offers.list()
  }
  const wantedAfter: Holding['wantedAfter'] = async (slots) => {
    const wanted = await see(slots)
    await hold.idle()
    return wanted
  }
  const serve: Holding['serve'] = async (more = []) => {
    const given = new Map([spec, ...inputs, ...more].map((bytes) => [toHex(sha256(bytes)), bytes]))
    given.set(toHex(allowRoot), wallets)
    const other = networks.join(keyFromSecret(hashOf('key of vote key 1')).publicKey)
    let asked = 0
    other.answer(protocols.data, async ({ hashes }) => {
      asked += 1
      return { found: hashes.map((hash) => given.get(toHex(hash))) }
    })
    await other.start()
    return () => asked
  }
  const fill = async (): Promise<void> => {
    const bytes = new Uint8Array(CONTENT_QUOTA).fill(8)
    expect(await shared.content.keep(sha256(bytes), bytes)).toBe(true)
  }
  const job = bytesOf(chain.at.job(net.payer.address, 1n))
  return { ...all, hold, jobContent, job, found, serve, fill, see, wantedAfter }
}
