// Hold: a job is said to be held when its spec, all that it names and its allow list are here, and not before.
import { addressOf, bytesOf, readJobs } from '@piecework/chain'
import { protocols } from '@piecework/network'
import { keyFromSecret, rootOf, toHex } from '@piecework/protocol'
import { loadKinds } from '@piecework/work'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../src/common/hashes.ts'
import { Hold } from '../src/hold.ts'
import { Offers } from '../src/offers.ts'
import { type Bare, bare, hashOf } from './support/bare.ts'
import { example } from './support/scene.ts'

const spec = example('job.json')
const inputs = ['align.wasm', 'reference.txt', 'reads.txt'].map(example)
const wallets = new Uint8Array([...hashOf('one wallet'), ...hashOf('another wallet')])
const allowRoot = rootOf(wallets)

interface Holding extends Bare {
  readonly hold: Hold
  readonly job: Uint8Array
  /** What is wanted on chain after it was told of a slot, so many after the first. */
  readonly wantedAfter: (slots: number) => Promise<readonly unknown[]>
}

/** A job for those of an allow list, of which nothing is here. */
async function holding(): Promise<Holding> {
  const all = await bare()
  const { net, chain, shared, moment } = all
  await net.does([net.job(1n, { specHash: sha256(spec), allowRoot, tasks: 20, maxUnits: 1 })])
  const found = (await readJobs(chain)).value
  const kinds = await loadKinds([], (name) => import(name))
  const offers = new Offers(addressOf(shared.voteKey))
  const hold = new Hold({ ...shared, kinds, offers, onChain: () => found })
  const first = await moment()
  shared.others.see(first)
  const wantedAfter = async (slots: number): Promise<readonly unknown[]> => {
    const now = await moment(first.slot + slots)
    offers.see(now)
    await hold.see(now)
    return offers.list()
  }
  return { ...all, hold, job: bytesOf(chain.at.job(net.payer.address, 1n)), wantedAfter }
}

describe('a job with an allow list', () => {
  it('is held when the list is here too', async () => {
    const { hold, job, wantedAfter } = await holding()
    for (const bytes of [spec, ...inputs])
      expect(await hold.upload({ job, bytes })).toMatchObject({ complete: false })
    expect(await wantedAfter(0)).toEqual([])
    expect(await hold.upload({ job, bytes: wallets })).toEqual({ hash: allowRoot, complete: true })
    expect(await wantedAfter(1)).toEqual([{ what: 'holding', epoch: 0, job }])
  })

  it('takes no list but its own', async () => {
    const { hold, job } = await holding()
    await hold.upload({ job, bytes: spec })
    await expect(hold.upload({ job, bytes: wallets.slice(32) })).rejects.toThrow(
      'the job needs no such bytes',
    )
  })
})

describe('a job whose content is missing', () => {
  it('is held when others have brought its spec, and then what that names', async () => {
    const { networks, job, wantedAfter } = await holding()
    const given = new Map([spec, ...inputs].map((bytes) => [toHex(sha256(bytes)), bytes]))
    given.set(toHex(allowRoot), wallets)
    const other = networks.join(keyFromSecret(hashOf('key of vote key 1')).publicKey)
    other.answer(protocols.data, async ({ hashes }) => ({
      found: hashes.map((hash) => given.get(toHex(hash))),
    }))
    await other.start()
    for (const slots of [5, 10]) expect(await wantedAfter(slots)).toEqual([])
    expect(await wantedAfter(11)).toEqual([{ what: 'holding', epoch: 0, job }])
  })

  it('is not held while nobody has it', async () => {
    const { wantedAfter } = await holding()
    for (const slots of [5, 10, 15]) expect(await wantedAfter(slots)).toEqual([])
  })
})
