// Data: what others get by its hash, and what they don't get yet.
import { readReport, splitReveal, verifySignature } from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
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
