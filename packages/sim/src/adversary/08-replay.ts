// Adversary 8: messages that were sound once, said again: to another network whose nodes and verifiers have the same keys,
// in a later epoch, on another topic, or with network, epoch or job changed under their signatures. None is accepted.
import { TOPIC_RULES } from '@piecework/network'
import { atLeast, atMost, type Measured } from '../bench/types.ts'
import { JOB, KEPT_JOBS, knownOf } from './gossip/keepers.ts'
import { batchOf, commitOf, enrolmentOf, revealOf, stranger } from './gossip/messages.ts'
import { COMMITTED } from './gossip/reveals.ts'
import type { Said } from './gossip/said.ts'
import { HearingVerifier, hashOf, nodeKey } from './gossip/verifier.ts'
import { elsewhere, moved } from './replay/again.ts'
import type { Adversary, Size } from './types.ts'

/** Nodes that work, and as many that enrol. */
const NODES: Readonly<Record<Size, number>> = { short: 20, full: 150 }
/** Places for enrolments: more would be refused for another reason. */
const ENROLLING = 60
/** Messages of known answers in an epoch. There is room for more: none is refused for want of it. */
const OPENED = 6
const OTHER_NETWORK = hashOf('another network')

interface Tally {
  sound: number
  originals: number
  readonly accepted: string[]
  replays: number
}

/** All that honest ones say in an epoch, but for what they reveal. */
function workOf(networkId: Uint8Array, epoch: number, count: number): readonly Said[] {
  const batches = Array.from({ length: count }, (_, i) => ({
    topic: 'batches' as const,
    name: `batch of node ${i} in epoch ${epoch}`,
    bytes: batchOf({ networkId, key: nodeKey(i), epoch }),
  }))
  const enrolments = Array.from({ length: Math.min(count, ENROLLING) }, (_, i) => ({
    topic: 'enrolments' as const,
    name: `enrolment of stranger ${i}`,
    bytes: enrolmentOf({ networkId, key: stranger(i), wallet: stranger(1_000 + i) }),
  }))
  const known = Array.from({ length: OPENED }, (_, i) => ({
    topic: 'known' as const,
    name: `known answer ${i} in epoch ${epoch}`,
    bytes: knownOf({ networkId, epoch, tasks: [i] }),
  }))
  return [...batches, ...known, ...(epoch === 0 ? enrolments : [])]
}

function revealsOf(networkId: Uint8Array): readonly Said[] {
  return COMMITTED.map((id) => ({
    topic: 'reveals' as const,
    name: `reveal of verifier ${id}`,
    bytes: revealOf({ networkId, verifierId: id }),
  }))
}

/** One that was heard already is said again in every way there is, to where it does not belong. */
function replaysOf(said: Said): readonly Said[] {
  return [
    said,
    ...elsewhere(said),
    ...(said.topic === 'enrolments'
      ? []
      : [1, 2].map((epoch) => moved(said, { epoch }, `as if it were of epoch ${epoch}`))),
    ...(said.topic === 'known'
      ? [moved(said, { job: JOB.annaAgain }, 'as if it were of the other job')]
      : []),
  ]
}

/** What the same keys said in another network, as it is and as if it had been said here. */
function fromElsewhere(there: readonly Said[], networkId: Uint8Array): readonly Said[] {
  return there.flatMap((said) => [
    said,
    ...elsewhere(said),
    moved(said, { networkId }, 'as if it were from here'),
  ])
}

async function run(size: Size): Promise<Measured> {
  const verifier = await HearingVerifier.begin()
  const { net, networkId } = verifier
  const tally: Tally = { sound: 0, originals: 0, accepted: [], replays: 0 }
  const isAccepted = async ({ topic, bytes }: Said): Promise<boolean> => {
    const rule = await verifier.hear(topic, bytes)
    return rule !== 'nobody listens' && TOPIC_RULES[rule].verdict === 'accept'
  }
  const honest = async (all: readonly Said[]): Promise<void> => {
    tally.originals += all.length
    for (const said of all) if (await isAccepted(said)) tally.sound++
  }
  const again = async (all: readonly Said[]): Promise<void> => {
    tally.replays += all.length
    for (const said of all) if (await isAccepted(said)) tally.accepted.push(said.name)
  }
  try {
    await verifier.takes(KEPT_JOBS)
    const count = NODES[size]
    const first = workOf(networkId, 0, count)
    const next = workOf(networkId, 1, count)
    const reveals = revealsOf(networkId)
    const strange = [0, 1].flatMap((epoch) => workOf(OTHER_NETWORK, epoch, count))
    const all = fromElsewhere([...strange, ...revealsOf(OTHER_NETWORK)], networkId)
    const { startsAt, endsAt, grace } = await net.epoch(0)
    await verifier.until(startsAt + 2)
    await again(all)
    await honest(first)
    await again(first.flatMap(replaysOf))
    await net.postInventories(0)
    await verifier.until(endsAt + grace)
    await again([...first.flatMap(replaysOf), ...all])
    await honest(next)
    await again(next.flatMap(replaysOf))
    await verifier.revealing(0, new Map(COMMITTED.map((id) => [id, commitOf(networkId, id)])))
    await again([...all, ...first.flatMap(replaysOf)])
    await honest(reveals)
    await again(reveals.flatMap(replaysOf))
  } finally {
    await verifier.stop()
  }
  return {
    figures: {
      replays: tally.replays,
      'accepted, of these': tally.accepted.slice(0, 5).join('; ') || 'none',
    },
    bars: [
      atMost('replays that were accepted', tally.accepted.length, 0),
      atLeast('messages that were accepted the first time', tally.sound, tally.originals),
    ],
  }
}

export const adversary: Adversary = {
  number: 8,
  name: 'replay',
  about: 'Sound messages are said again across networks, epochs and topics: none is accepted.',
  run,
}
