// Adversary 4: messages longer than they may be: announced questions of 2 GB, questions just over their limit, and gossip
// whose frame is announced too long. Each is refused by its length, before it comes.
import type { Network } from '@piecework/network'
import { GOSSIP_BYTES, protocols } from '@piecework/network'
import { u32le } from '@piecework/protocol'
import { frameLength, subscriptionsFrame } from '@piecework/testkit/raw-peer'
import { atLeast, atMost, type Measured } from '../bench/types.ts'
import { attacked, NAMES, withRaw } from './raw/hub.ts'
import type { Adversary, Size } from './types.ts'

/** Of each sort. */
const TRIES: Readonly<Record<Size, number>> = { short: 40, full: 400 }
const BAR_MS = 10
/** What a peer announces and a hub would need: two gigabytes. */
const LONGEST = 2 ** 31 - 1
/** More than messages that may travel together. */
const LONG_GOSSIP = 9 * GOSSIP_BYTES

interface Sort {
  readonly name: string
  /** Milliseconds until it was refused; undefined when it was not. */
  readonly play: (hub: Network) => Promise<readonly (number | undefined)[]>
}

/** A length, and not one byte of what it announces: only who looks at lengths can answer. */
function asking(name: 'work' | 'upload', length: number, tries: number): Sort['play'] {
  return (hub) =>
    withRaw(hub, {}, async (raw) => {
      const times: (number | undefined)[] = []
      for (let i = 0; i < tries; i++) {
        const before = performance.now()
        const { what } = await raw.talk(NAMES.protocol(name), u32le(length))
        times.push(what === 'refused' ? performance.now() - before : undefined)
      }
      return times
    })
}

/** The stream ends, and with it all that its peer says: each try is another peer. */
function gossiping(tries: number): Sort['play'] {
  return async (hub) => {
    const times: (number | undefined)[] = []
    for (let i = 0; i < tries; i++) {
      const time = await withRaw(hub, {}, async (raw) => {
        const stream = await raw.gossip()
        await stream.send(subscriptionsFrame([NAMES.topics('known')[0] ?? '']))
        await raw.talk(NAMES.protocol('work'), u32le(LONGEST))
        const before = performance.now()
        if (stream.hasEnded) throw new Error('the hub does not listen at all')
        await stream.send(frameLength(LONG_GOSSIP))
        await stream.ended()
        return performance.now() - before
      })
      times.push(time)
    }
    return times
  }
}

const sortsOf = (tries: number): readonly Sort[] => [
  { name: 'question of 2 GB', play: asking('work', LONGEST, tries) },
  {
    name: 'question one byte too long',
    play: asking('upload', protocols.upload.maxQuestionBytes + 1, tries),
  },
  { name: 'gossip of 9 MB', play: gossiping(Math.ceil(tries / 8)) },
]

/** The least in short, where other tests run beside; half of them in full. */
function timeOf(times: readonly number[], size: Size): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[size === 'short' ? 0 : Math.floor(sorted.length / 2)] ?? Number.POSITIVE_INFINITY
}

async function run(size: Size): Promise<Measured> {
  const before = process.memoryUsage().rss
  const played = await attacked(async (hub) => {
    const all: { name: string; times: readonly (number | undefined)[] }[] = []
    for (const { name, play } of sortsOf(TRIES[size])) all.push({ name, times: await play(hub) })
    return all
  })
  const growth = (process.memoryUsage().rss - before) / 1e6
  const tries = played.reduce((sum, { times }) => sum + times.length, 0)
  const refused = played.map(({ name, times }) => ({ name, times: times.filter((ms) => ms !== undefined) }))
  const refusals = refused.reduce((sum, { times }) => sum + times.length, 0)
  return {
    figures: {
      tries,
      'growth of hub and attackers, MB': growth,
      ...Object.fromEntries(refused.map(({ name, times }) => [`${name}: longest, ms`, Math.max(...times)])),
    },
    bars: [
      atLeast('refused', refusals, tries),
      ...refused.map(({ name, times }) => atMost(`${name}: refused in, ms`, timeOf(times, size), BAR_MS)),
    ],
  }
}

export const adversary: Adversary = {
  number: 4,
  name: 'oversized',
  about: 'A peer announces more than it may send: it is refused by the length alone, within 10 ms.',
  run,
}
