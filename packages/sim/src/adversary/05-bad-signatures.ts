// Adversary 5: thousands of bad signatures a second, from identities that change as soon as the hub hangs up. Hub and
// attacker are processes of their own, over real connections; homes beside them send honest batches, and are heard in time.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Network } from '@piecework/network'
import { readBatch, toHex } from '@piecework/protocol'
import { atLeast, atMost, type Measured } from '../bench/types.ts'
import type { Flood, Flooded, Heard, Ready } from './flood/messages.ts'
import { batchOf } from './gossip/messages.ts'
import { nodeKey } from './gossip/verifier.ts'
import { NETWORK_ID, peerNamed } from './raw/hub.ts'
import type { Adversary, Size } from './types.ts'

interface Scale {
  readonly perSecond: number
  readonly seconds: number
  readonly homes: number
}

const SCALES: Readonly<Record<Size, Scale>> = {
  short: { perSecond: 1_000, seconds: 2, homes: 1 },
  // More than it has to bear, because an attacker that waits for its turn falls behind.
  full: { perSecond: 10_500, seconds: 30, homes: 5 },
}
/** A batch of each home in so many milliseconds. */
const PACE_MS = 100
/** Of one identity a hub looks at three, and at one that was under way beside the third. */
const LOOKED_AT = 4
const BAR_MS = 2_000
/**
 * That reach the hub in a second, of those that are sent: what is under way when it hangs up is lost with the connection.
 * Measured with all processes on two cores: 5,000, and from 2,000 where others work beside them. More offered a second
 * and more identities at once bring hardly more of them to it; one long frame of each brings up to 7,800, at some times.
 */
const CAME = 1_500
/** Nodes of a home: more than it has batches to send. */
const NODES_EACH = 100_000
/** What was sent last gets so long. */
const LAST_MS = 10_000

function child(name: string): ChildProcess {
  const file = fileURLToPath(new URL(`flood/${name}.ts`, import.meta.url))
  return fork(file, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
}

async function kill(one: ChildProcess): Promise<void> {
  if (one.exitCode !== null || one.signalCode !== null) return
  const exit = once(one, 'exit')
  one.kill('SIGKILL')
  await exit
}

/** When each honest batch was sent, and when it was heard. */
class Honest {
  readonly #sent = new Map<string, number>()
  readonly times: number[] = []
  refused = 0
  came = 0
  batches = 0

  hear({ heard, refused, came }: Heard): void {
    this.refused = refused
    this.came = came
    const sent = this.#sent.get(heard)
    if (sent === undefined) return
    this.#sent.delete(heard)
    this.times.push(performance.now() - sent)
  }

  get missing(): number {
    return this.#sent.size
  }

  /** One batch after the other, each with the next node's key, until it is over and one more. */
  async send(home: Network, first: number, isOver: () => boolean): Promise<void> {
    const under: Promise<void>[] = []
    for (let node = first, isLast = false; !isLast; node++) {
      isLast = isOver()
      const bytes = batchOf({ networkId: NETWORK_ID, key: nodeKey(node) })
      this.#sent.set(toHex(readBatch(bytes).hash), performance.now())
      this.batches++
      // What nobody takes is not heard: it counts as that.
      under.push(home.publish('batches', bytes).catch(() => undefined))
      await setTimeout(PACE_MS)
    }
    await Promise.all(under)
  }
}

/** Connected to the hub: the flood finds them at work. */
async function started(home: Network): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const end = home.onPeer(() => resolve())
  await home.start()
  await promise
  end()
}

async function flooded({
  perSecond,
  seconds,
  homes: count,
}: Scale): Promise<{ honest: Honest; by: Flooded }> {
  const [hub, attacker] = [child('hub-main'), child('attacker-main')]
  const honest = new Honest()
  const homes: Network[] = []
  try {
    const [{ address }]: [Ready] = (await once(hub, 'message')) as [Ready]
    hub.on('message', (heard: Heard) => honest.hear(heard))
    for (let i = 0; i < count; i++) homes.push(peerNamed(`home ${i}`, { role: 'home', bootstrap: [address] }))
    await Promise.all(homes.map(started))
    const order: Flood = { address, perSecond, seconds }
    let by: Flooded | undefined
    attacker.once('message', (flooded: Flooded) => {
      by = flooded
    })
    attacker.send(order)
    await Promise.all(homes.map((home, i) => honest.send(home, i * NODES_EACH, () => by !== undefined)))
    for (let waited = 0; honest.missing > 0 && waited < LAST_MS; waited += PACE_MS) await setTimeout(PACE_MS)
    return { honest, by: by ?? { sent: 0, identities: 0 } }
  } finally {
    await Promise.all(homes.map((home) => home.stop()))
    await Promise.all([hub, attacker].map(kill))
  }
}

async function run(size: Size): Promise<Measured> {
  const { honest, by } = await flooded(SCALES[size])
  const { seconds } = SCALES[size]
  const sent = by.sent / seconds
  const came = honest.came / seconds
  const sorted = honest.times.toSorted((a, b) => a - b)
  const at = (part: number): number => sorted[Math.floor(sorted.length * part)] ?? Number.POSITIVE_INFINITY
  return {
    figures: {
      'bad signatures sent a second': sent,
      'bad signatures that reached the hub a second': came,
      'identities that were let in': by.identities,
      'bad signatures that the hub looked at': honest.refused,
      'honest batches': honest.batches,
      'honest p50, ms': at(0.5),
      'honest p99, ms': at(0.99),
    },
    bars: [
      // In short the machine has other things to do, and its time says nothing.
      ...(size === 'full' ? [atMost('honest p99, ms', at(0.99), BAR_MS)] : []),
      atMost('bad signatures looked at, of each identity', honest.refused / by.identities, LOOKED_AT),
      atLeast('honest batches that were heard', honest.times.length, honest.batches),
      ...(size === 'full'
        ? [
            atLeast('bad signatures sent a second', sent, 10_000),
            atLeast('bad signatures that reached the hub a second', came, CAME),
          ]
        : []),
    ],
  }
}

export const adversary: Adversary = {
  number: 5,
  name: 'bad-signatures',
  about: '10,000 bad signatures sent a second from ever new identities: honest batches are heard within 2 s.',
  run,
}
