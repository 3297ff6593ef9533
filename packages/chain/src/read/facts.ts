// The facts of an epoch, as far as they lie on chain. They are read once nothing in them can change any more, so that
// whoever reads them, and whenever, reads the same.
import type { Facts } from '@piecework/protocol'
import { type Epoch, inMask, seatsOf } from '../accounts/epoch.ts'
import { type Network, paramsOf, rootOf } from '../accounts/network.ts'
import { bytesOf } from '../address.ts'
import { ChainError } from '../errors.ts'
import type { Chain, Commitment } from '../port.ts'
import { present, read, wantEpoch, wantNetwork } from './accounts.ts'
import { jobFacts } from './job-facts.ts'
import { readJobs } from './jobs.ts'
import { factParams } from './param-facts.ts'
import { verifierFacts } from './verifier-facts.ts'

/** What is not on chain are the parameters of kinds, of which it holds the hash: `withKinds` adds them. */
export interface ChainFacts extends Omit<Facts, 'kinds'> {
  readonly kindsHash: Uint8Array
}

export interface FactsWanted {
  readonly epoch: number
  /** How many verifiers and jobs the facts before have named: the state's own lists are as long. */
  readonly verifiers: number
  readonly jobs: number
  /** finalized, where it is left out: what is voted on must not be rolled back. */
  readonly commitment?: Commitment
  /**
   * commits: all of it, once no report commit is posted any more. seal: as soon as it is sealed, without report commits:
   * what the draw asks of the chain.
   */
  readonly asOf?: 'commits' | 'seal'
}

export async function readFacts(chain: Chain, wanted: FactsWanted): Promise<ChainFacts> {
  const { at } = chain
  const { epoch: number, commitment = 'finalized', asOf = 'commits' } = wanted
  const { slot, value } = await read(
    chain,
    {
      network: wantNetwork(at),
      epoch: wantEpoch(at, number),
      before: wantEpoch(at, number - 1),
      dealer: wantEpoch(at, number - 2),
    },
    commitment,
  )
  const network = present(value.network, 'network', at.network)
  const [epoch, before, dealer] = [value.epoch, value.before, value.dealer].map((one, back) =>
    ofNumber(present(one, 'epoch account', at.epoch(number - back)), number - back),
  )
  if (epoch === undefined || before === undefined || dealer === undefined) throw gone(number)
  requireSealed(epoch)
  if (asOf === 'commits') requireCommitted(epoch, slot)
  const jobs = await readJobs(chain, { commitment })
  await requireNotFinal(chain, number, commitment)
  const params = paramsOf(network, number)
  return {
    networkId: bytesOf(at.network),
    epoch: number,
    previous: previousOf(network, number),
    startSlot: epoch.startsAt,
    endSlot: epoch.endsAt,
    dealSeed: dealer.seed,
    seed: epoch.seed,
    params: factParams(params),
    kindsHash: params.kindsHash,
    posted: postedIn(epoch, asOf === 'commits' ? epoch.commitMask : 0n),
    ...(await verifierFacts(chain, epoch, { known: wanted.verifiers, commitment })),
    ...jobFacts(jobs.value, {
      epoch,
      closedFrom: number === 0 ? 0 : before.startsAt,
      known: wanted.jobs,
      given: network.nextJob,
    }),
  }
}

/** The account is used again by the epoch four later. */
function ofNumber(epoch: Epoch, number: number): Epoch {
  if (epoch.number === number) return epoch
  throw epoch.number > number ? gone(number) : tooEarly(`epoch ${number} is not on chain yet`, { number })
}

function requireSealed({ state, number }: Epoch): void {
  if (state === 'final') throw gone(number)
  if (state !== 'sealed') throw tooEarly(`epoch ${number} is not sealed`, { number })
}

/** The last report commit is in: from then on nothing in the facts changes. */
function requireCommitted(epoch: Epoch, slot: number): void {
  const from = epoch.sealedSlot + epoch.challenge + epoch.commit
  if (slot < from) throw tooEarly(`report commits are posted until slot ${from}`, { slot, from })
}

/**
 * Once it is final, jobs that it was told of can be refunded, and their accounts are gone. So this is asked after they
 * were read.
 */
async function requireNotFinal(chain: Chain, number: number, commitment: Commitment): Promise<void> {
  const { value } = await read(chain, { network: wantNetwork(chain.at) }, commitment)
  const { lastFinal } = present(value.network, 'network', chain.at.network)
  if (lastFinal >= number) throw gone(number)
}

function previousOf(network: Network, number: number): Uint8Array {
  if (number === 0) return new Uint8Array(32)
  const root = rootOf(network, number - 1)
  if (root !== undefined) return root.attestation
  throw network.lastFinal < number ? tooEarly(`epoch ${number - 1} is not final`, { number }) : gone(number)
}

function postedIn(epoch: Epoch, commitMask: bigint): Facts['posted'] {
  return seatsOf(epoch).flatMap((seat, place) => {
    const inventory = inMask(epoch.inventoryMask, place)
    const commit = inMask(commitMask, place)
    if (!inventory && !commit) return []
    const zero = new Uint8Array(32)
    const reportCommit = commit ? seat.commit : zero
    return [{ verifierId: seat.id, inventory: inventory ? seat.inventory : zero, reportCommit }]
  })
}

function tooEarly(why: string, context: Readonly<Record<string, unknown>>): ChainError {
  return new ChainError('facts/too-early', `The facts are not settled: ${why}. Ask again later.`, context)
}

function gone(number: number): ChainError {
  const message = `The chain no longer holds the facts of epoch ${number}: ask a verifier for them, by their attested hash`
  return new ChainError('facts/gone', message, { epoch: number })
}
