// All that is said to a verifier in the first epoch of a network, in its order, and by which rule it is judged.
import type { NetworkTopic, RuleId } from '@piecework/network'
import { batchesForTheDisk, batchesOfNext, batchesOfNobody, batchesOfWork } from './batches.ts'
import { enrolmentsInFlood, enrolmentsOfNobody, enrolmentsOfWork } from './enrolments.ts'
import { KEPT_JOBS } from './keepers.ts'
import { knownOfJobs, knownOfNext, knownOfNobody } from './known.ts'
import { commitOf } from './messages.ts'
import { COMMITTED, revealsOfPhase, revealsTooSoon } from './reveals.ts'
import type { Said } from './said.ts'
import { HearingVerifier } from './verifier.ts'

export interface Judged extends Omit<Said, 'topic'> {
  readonly topic: NetworkTopic
  readonly rule: RuleId | 'nobody listens'
}

export async function playEpoch(): Promise<readonly Judged[]> {
  const verifier = await HearingVerifier.begin()
  const { net, networkId, disks } = verifier
  const judged: Judged[] = []
  const say = async (...all: readonly (readonly Said[])[]): Promise<void> => {
    for (const said of all.flat()) judged.push({ ...said, rule: await verifier.hear(said.topic, said.bytes) })
  }
  try {
    await say(batchesOfNobody(networkId), enrolmentsOfNobody(networkId), knownOfNobody(networkId))
    await say(revealsTooSoon(networkId, 'before anything is known'))
    await verifier.takes(KEPT_JOBS)
    const { startsAt, endsAt, grace } = await net.epoch(0)
    await verifier.until(startsAt + 2)
    await say(batchesOfWork(networkId), enrolmentsOfWork(networkId), enrolmentsInFlood(networkId))
    await say(revealsTooSoon(networkId, 'before their epoch is sealed'))
    disks.bulk.capacity = 0
    await say(batchesForTheDisk(networkId, true))
    disks.bulk.capacity = Number.POSITIVE_INFINITY
    await say(batchesForTheDisk(networkId, false), knownOfJobs(networkId))
    await net.postInventories(0)
    await verifier.until(endsAt + grace)
    await say(batchesOfNext(networkId), knownOfNext(networkId))
    await verifier.revealing(0, new Map(COMMITTED.map((id) => [id, commitOf(networkId, id)])))
    await say(revealsOfPhase(networkId))
    return judged
  } finally {
    await verifier.stop()
  }
}
