// Adversary 2: one peer subscribes to 350,000 topics. What is no topic of the network is not remembered, and a frame with
// more subscriptions than there are topics is not even looked at.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { protocols } from '@piecework/network'
import { toBase58 } from '@piecework/protocol'
import { type RawStream, subscriptionsFrame } from '@piecework/testkit/raw-peer'
import { atLeast, atMost, type Measured } from '../bench/types.ts'
import { attacked, NAMES, NETWORK_ID, withRaw } from './raw/hub.ts'
import type { Adversary, Size } from './types.ts'

const SUBSCRIPTIONS: Readonly<Record<Size, number>> = { short: 20_000, full: 350_000 }
/** As many as a hub reads from one frame, and more than it does. */
const IN_FRAME = [256, 5_000] as const
const BAR_MB = 50

function heap(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1e6
}

/** Half of them look like topics of the network, and differ. */
function topicNamed(number: number): string {
  const mine = `/piecework/${toBase58(NETWORK_ID)}/batches-${number}-of-350000/1`
  return number % 2 === 0 ? mine : `a topic that nobody has asked for, number ${number}`
}

async function subscribe(stream: RawStream, count: number): Promise<void> {
  for (let sent = 0, frame = 0; sent < count; frame++) {
    const size = Math.min(IN_FRAME[frame % IN_FRAME.length] ?? 1, count - sent)
    const first = sent
    await stream.send(subscriptionsFrame(Array.from({ length: size }, (_, i) => topicNamed(first + i))))
    sent += size
  }
}

async function run(size: Size): Promise<Measured> {
  return attacked((hub) =>
    withRaw(hub, {}, async (raw) => {
      const stream = await raw.gossip()
      await subscribe(stream, IN_FRAME[0])
      const before = heap()
      const rss = process.memoryUsage().rss
      await subscribe(stream, SUBSCRIPTIONS[size])
      // What it asks now is answered after what it said before was read.
      const question = Buffer.concat([Uint8Array.of(40, 0, 0, 0), new Uint8Array(40)])
      const { what } = await raw.talk(NAMES.protocol(protocols.work.name), question)
      const growth = heap() - before
      return {
        figures: {
          subscriptions: SUBSCRIPTIONS[size],
          'resident growth with the attacker, MB': (process.memoryUsage().rss - rss) / 1e6,
        },
        bars: [
          atMost('growth, MB', growth, BAR_MB),
          atLeast('questions that are answered afterwards', what === 'answered' ? 1 : 0, 1),
        ],
      }
    }),
  )
}

export const adversary: Adversary = {
  number: 2,
  name: 'subscriptions',
  about: 'One peer subscribes to 350,000 topics: a hub grows by less than 50 MB.',
  run,
}
