// `bench gossip`: what it costs a hub to hear a batch and pass it on. Batches travel between hubs in bundles; beside them, in
// the same network and at the same rate, the same bytes as messages of their own, on a topic that is not bundled; and the
// check of one signature, which nobody can do without.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Network, Topic } from '@piecework/network'
import { type HeldBatch, readBatch, SIGNATURE_BYTES, verifySignature } from '@piecework/protocol'
import { batchOf } from '../adversary/gossip/messages.ts'
import { nodeKey } from '../adversary/gossip/verifier.ts'
import { NETWORK_ID, peerNamed } from '../adversary/raw/hub.ts'
import { type Counted, countedForm, toldForm } from './gossip/messages.ts'
import { atLeast, atMost, type Bench, type Measured } from './types.ts'

/** Of all hubs but the one that is measured: as many as one core bears at this rate. */
const OTHERS = 4
const PER_SECOND = 300
const SECONDS = 8
/** Each takes turns, and counts with its best: what else the machine does slows either. */
const ROUNDS = 2
/** Until hubs know each other, and what is left of a start is over. */
const SETTLE_MS = 10_000
const IDLE_MS = 5_000
/** Looks whether what was sent last has arrived: a machine with much to do takes a while. */
const LOOK_MS = 500
const LOOKS = 60
const ALONE_BAR = 2
const SIGNATURE_BAR = 2

export const bench: Bench = {
  name: 'gossip',
  about:
    'A hub that passes on batches in bundles, beside the same bytes one by one, and a check of a signature.',
  run: async () => {
    const children: ChildProcess[] = []
    const homes: Network[] = []
    try {
      const hub = started(children, ['1', '0'])
      const [address = ''] = await toldBy(hub)
      const others = await toldBy(started(children, [String(OTHERS), '1', address]))
      // Most homes of a large network are another hub's.
      const deny = [address.slice(address.lastIndexOf('/p2p/'))]
      for (const [at, other] of others.entries())
        homes.push(peerNamed(`home ${at}`, { role: 'home', bootstrap: [other], hubs: 1, deny }))
      await Promise.all(homes.map((home) => home.start()))
      await setTimeout(SETTLE_MS)
      return await measure(hub, homes)
    } finally {
      await Promise.all(homes.map((home) => home.stop()))
      for (const child of children) child.disconnect()
    }
  },
}

async function measure(hub: ChildProcess, homes: readonly Network[]): Promise<Measured> {
  await counted(hub)
  await setTimeout(IDLE_MS)
  const idle = (await counted(hub)).cpuMs / IDLE_MS
  const feed = feedOf(2 * ROUNDS)
  let [alone, bundled] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  let missing = 0
  for (let round = 0; round < ROUNDS; round++) {
    for (const topic of ['appeals', 'batches'] satisfies Topic[]) {
      const part = feed.splice(0, PER_SECOND * SECONDS)
      const began = performance.now()
      await publish(homes, topic, part)
      const { heard, cpuMs } = await countedAll(hub, part.length)
      const each = (cpuMs - idle * (performance.now() - began)) / Math.max(1, heard)
      missing += part.length - heard
      if (topic === 'appeals') alone = Math.min(alone, each)
      else bundled = Math.min(bundled, each)
    }
  }
  const signature = signatureMs(feedOf(1))
  return {
    figures: {
      hubs: OTHERS + 1,
      'a second': PER_SECOND,
      'idle, part of a core': idle,
      'ms of processor for one alone': alone,
      'ms of processor for one in a bundle': bundled,
      'ms of processor for a signature': signature,
    },
    bars: [
      atLeast('alone over in a bundle', alone / bundled, ALONE_BAR),
      atMost('in a bundle over its signature', bundled / signature, SIGNATURE_BAR),
      atMost('that the hub did not hear', missing, 0),
    ],
  }
}

function started(children: ChildProcess[], args: readonly string[]): ChildProcess {
  const file = join(import.meta.dirname, 'gossip', 'hubs-main.ts')
  const child = fork(file, args, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  children.push(child)
  return child
}

async function toldBy(child: ChildProcess): Promise<readonly string[]> {
  const [told] = await once(child, 'message')
  return toldForm.parse(told).addresses
}

async function counted(hub: ChildProcess): Promise<Counted> {
  hub.send('count')
  const [said] = await once(hub, 'message')
  return countedForm.parse(said)
}

/** Until so many were heard, or it is given up. */
async function countedAll(hub: ChildProcess, count: number): Promise<Counted> {
  let all: Counted = { heard: 0, cpuMs: 0 }
  for (let look = 0; look < LOOKS && all.heard < count; look++) {
    await setTimeout(LOOK_MS)
    const { heard, cpuMs } = await counted(hub)
    all = { heard: all.heard + heard, cpuMs: all.cpuMs + cpuMs }
  }
  return all
}

let made = 0

/** Batches of as many nodes, for so many rounds. */
function feedOf(rounds: number): Uint8Array[] {
  return Array.from({ length: rounds * PER_SECOND * SECONDS }, () =>
    batchOf({ networkId: NETWORK_ID, key: nodeKey(made++) }),
  )
}

async function publish(homes: readonly Network[], topic: Topic, feed: readonly Uint8Array[]): Promise<void> {
  await Promise.all(
    feed.map(async (bytes, at) => {
      await setTimeout((at / PER_SECOND) * 1_000)
      await homes[at % homes.length]?.publish(topic, bytes)
    }),
  )
}

function signatureMs(feed: readonly Uint8Array[]): number {
  const batches: HeldBatch[] = feed.map((bytes) => readBatch(bytes))
  const before = process.cpuUsage()
  for (const { nodeKey: key, hash, signed } of batches)
    if (!verifySignature(key, hash, signed.subarray(0, SIGNATURE_BYTES)))
      throw new Error('a signature is wrong')
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000 / batches.length
}
