// Report: one for each epoch, committed first and revealed later, the same after a power cut.
import { addressOf, type Epoch } from '@piecework/chain'
import type { StintReport } from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
import { commitsFrom, revealsFrom, roundsFrom } from '../src/common/moment.ts'
import { Offers } from '../src/offers.ts'
import { Reporting } from '../src/report.ts'
import { stranger } from './support/bare.ts'
import { type Settling, settling } from './support/settling.ts'

const stint = (node: number): StintReport => {
  return { epoch: 0, node, traces: [], delivered: [], answers: [], scores: [] }
}

interface Reports {
  readonly reporting: Reporting
  readonly offers: Offers
  readonly epoch: Epoch
  readonly seeAt: (slot: number) => Promise<unknown>
}

/** As after a restart: what is not on disk is not there. */
async function begin({ net, shared, moment }: Settling): Promise<Reports> {
  const offers = new Offers(addressOf(shared.voteKey))
  const reporting = new Reporting({ ...shared, offers })
  shared.epochs.open(0).report = undefined
  const epoch = await net.epoch(0)
  const seeAt = async (slot: number): Promise<unknown> => {
    const now = await moment(slot)
    offers.see(now)
    return reporting.see(now)
  }
  await seeAt(commitsFrom(epoch))
  return { reporting, offers, epoch, seeAt }
}

describe('a report', () => {
  it('is committed to once, whatever is found afterwards', async () => {
    const all = await settling()
    const work = all.shared.epochs.open(0)
    const { reporting, offers } = await begin(all)
    await reporting.take({ work, stints: [stint(0)], evidence: [] })
    const first = offers.list()
    expect(first).toMatchObject([{ what: 'commit', epoch: 0, value: work.report?.commit }])
    await reporting.take({ work, stints: [stint(1)], evidence: [] })
    expect([offers.list(), reporting.made]).toEqual([first, 1])
  })

  it('is the same one after a power cut, under its salt', async () => {
    const all = await settling()
    const work = all.shared.epochs.open(0)
    const before = await begin(all)
    await before.reporting.take({ work, stints: [stint(0)], evidence: [] })
    const { offers, reporting } = await begin(all)
    await reporting.take({ work, stints: [stint(1)], evidence: [] })
    expect(offers.list()).toEqual(before.offers.list())
    expect(reporting.made).toBe(0)
  })

  it('is revealed when nobody can commit any more, and until the first round is over', async () => {
    const all = await settling()
    const work = all.shared.epochs.open(0)
    const { reporting, epoch, seeAt } = await begin(all)
    await reporting.take({ work, stints: [stint(0)], evidence: [] })
    const other = all.networks.join(stranger.publicKey)
    await other.start()
    const heard: Uint8Array[] = []
    other.subscribe('reveals', async ({ bytes }) => {
      heard.push(bytes)
      return 'sound'
    })
    for (const slot of [revealsFrom(epoch) - 1, roundsFrom(epoch) + epoch.roundSlots]) await seeAt(slot)
    expect(heard).toEqual([])
    await seeAt(revealsFrom(epoch))
    await expect.poll(() => heard).toEqual([work.report?.reveal])
  })

  it('is none of a verifier without a seat', async () => {
    const all = await settling()
    const work = all.shared.epochs.open(0)
    const shared = { ...all.shared, key: stranger, voteKey: stranger.publicKey }
    const { reporting, offers } = await begin({ ...all, shared })
    await reporting.take({ work, stints: [stint(0)], evidence: [] })
    expect([work.report, offers.list()]).toEqual([undefined, []])
  })
})
