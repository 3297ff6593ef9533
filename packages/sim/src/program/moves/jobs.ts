import { closeJob, createJob, refundJob } from '@piecework/chain'
import { ZERO_HASH } from '@piecework/protocol'
import { type Move, pick, type Scene, someFinal } from './scene.ts'

const MOST_DEPOSITED = 200_000
/** So few that nonces meet again, also those of jobs that were refunded. */
const NONCES = 40

export const makeJob: Move = ({ network, actors, random }) => {
  const requester = pick(random, actors.requesters)
  if (requester === undefined) return []
  const instruction = createJob(network.at, {
    requester: requester.address,
    requesterTokens: requester.tokens,
    nonce: BigInt(random.below(NONCES)),
    deposit: BigInt(random.below(MOST_DEPOSITED)),
    price: BigInt(random.below(20)),
    capPrice: BigInt(random.below(3)),
    tasks: random.below(100),
    maxUnits: random.below(10),
    leaseEpochs: random.below(10),
    workKind: random.below(12),
    rule: random.chance(0.5) ? 'piece' : 'share',
    replicas: random.below(5),
    specHash: ZERO_HASH,
    allowRoot: ZERO_HASH,
  })
  return [instruction]
}

export const closeSomeJob: Move = ({ network, jobs, random }) => {
  const job = pick(random, jobs.byIndex)
  if (job === undefined) return []
  return [closeJob(network.at, { requester: job.requester, nonce: job.nonce })]
}

export const refund: Move = (scene) => {
  const { network, actors, jobs, random } = scene
  const final = someFinal(scene)
  const index = final === undefined ? undefined : someIndex(final.entries.jobs, scene)
  const job = index === undefined ? undefined : jobs.byIndex[index]
  if (final === undefined || index === undefined || job === undefined) return []
  const owner = actors.requesters.find(({ address }) => address === job.requester)
  const instruction = refundJob(network.at, {
    requester: job.requester,
    nonce: job.nonce,
    mint: network.mint,
    rootEpoch: final.epoch,
    amount: final.entries.jobs[index]?.charged ?? 0n,
    rest: ZERO_HASH,
    proof: final.jobs.proof(index),
    ...(owner !== undefined && random.chance(0.5) ? { destination: owner.tokens } : {}),
  })
  return random.chance(0.1) ? [instruction, instruction] : [instruction]
}

function someIndex(jobs: readonly { readonly done: boolean }[], { random }: Scene): number | undefined {
  const done = [...jobs.keys()].filter((index) => jobs[index]?.done === true)
  return random.chance(0.8) ? pick(random, done) : random.below(jobs.length)
}
