// Data: what others get by its hash, and what they don't get yet.
import { DATA_WHOLE_BYTES, fetchByHash, protocols } from '@piecework/network'
import { equalBytes, readReport, splitReveal, verifySignature } from '@piecework/protocol'
import { MemoryDisks, openMemoryStore } from '@piecework/store'
import { describe, expect, it } from 'vitest'
import { VerifierContent } from '../src/common/content.ts'
import { sha256 } from '../src/common/hashes.ts'
import { Data } from '../src/data.ts'
import { Reporting } from '../src/report.ts'
import { type Bare, bare } from './support/bare.ts'

/** The chain as it is when an epoch was sealed. */
async function sealed(): Promise<Bare> {
  const all = await bare()
  await all.net.postInventories(0)
  await all.net.seal(0)
  return all
}

describe('a report', () => {
  it('is given to nobody while they can still commit to the same', async () => {
    const all = await sealed()
    const { shared } = all
    const work = shared.epochs.open(0)
    const reporting = new Reporting(shared)
    await reporting.see(await all.moment())
    await reporting.take({ work, stints: [], evidence: [] })
    const { commit, reveal } = work.report ?? { commit: new Uint8Array(32), reveal: new Uint8Array() }
    const data = new Data({ ...shared, waiting: () => new Map() })
    const question = { sort: 'reveal', hashes: [commit] } as const
    expect((await data.answer(question)).found).toEqual([undefined])
    const { networkId, voteKey } = shared
    const reporter = { networkId, epoch: 0, verifierId: 0, voteKey, verify: verifySignature }
    const input = readReport(splitReveal(reveal).signed, reporter)
    work.reveals.set(0, { bytes: reveal, input, since: 0 })
    expect((await data.answer(question)).found).toEqual([reveal])
  })
})

describe('content', () => {
  it('that is longer than an answer is given in pieces', async () => {
    const { shared, networks } = await bare()
    const long = new Uint8Array(2 * DATA_WHOLE_BYTES + 7).map((_, i) => (i + (i >> 8)) % 256)
    const hash = sha256(long)
    const options = { networkId: shared.networkId, contentQuotaBytes: 2 * long.length, retainStates: 1 }
    const { content: store, settings } = await openMemoryStore(new MemoryDisks(), options)
    const content = new VerifierContent({ store, settings, others: shared.others })
    expect(await content.put(hash, long)).toBe(true)
    const data = new Data({ ...shared, content, waiting: () => new Map() })
    const question = { sort: 'content', hashes: [hash] } as const
    expect((await data.answer(question)).found).toEqual([{ longBytes: long.length }])

    const [server, network] = [networks.join(sha256(hash)), networks.join(sha256(sha256(hash)))]
    server.answer(protocols.data, (asked) => data.answer(asked))
    server.answer(protocols.piece, (asked) => data.piece(asked))
    await server.start()
    await network.start()
    const [bytes] = await fetchByHash({ network, ...question, peers: [server.self] })
    expect(bytes !== undefined && equalBytes(bytes, long)).toBe(true)
  })
})
