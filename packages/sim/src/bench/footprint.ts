// `bench footprint`: a contributor's node as people run it, idle between epochs, beside a bare libp2p node with the same
// services, connected to the same hub at the same time.
import { apiClient } from '@piecework/api'
import type { Running } from '@piecework/cli/local'
import { z } from 'zod'
import { type Stage, setStage } from './footprint/stage.ts'
import { cpuSeconds, residentMB } from './footprint/usage.ts'
import { atMost, type Bench, type Measured, median } from './types.ts'

/** The first one compiles, which an installation does once. */
const STARTS = 5
/** By then it has seen where the network stands. */
const SETTLE_MS = 15_000
const WINDOW_MS = 60_000
/** Readings of memory in the window: between collections of garbage it grows and shrinks. */
const READINGS = 30
const CONNECTED_BAR_S = 1.5
const MEMORY_BAR_MB = 25
const CPU_BAR_PERCENT = 1
/** Between looks whether it is connected; a start takes far longer. */
const LOOK_MS = 10
const CONNECT_MS = 60_000
const MINUTE_MS = 60_000

export const bench: Bench = {
  name: 'footprint',
  about: "A contributor's node as a process, beside a bare libp2p node: start, memory, idle CPU, traffic.",
  run: async () => {
    const stage = await setStage()
    try {
      return await measure(stage)
    } finally {
      await stage.end()
    }
  },
}

async function measure(stage: Stage): Promise<Measured> {
  const { node, seconds } = await startNode(stage)
  const { bare, bareSeconds } = await startBare(stage)
  await pause(SETTLE_MS)
  const { memory, cpu, bytes } = await watch(stage, { node, bare })
  const above = memory.node - memory.bare
  return {
    figures: {
      'start to connected, median s': seconds,
      'start to connected, bare, s': bareSeconds,
      'resident MB': memory.node,
      'resident MB, bare': memory.bare,
      'idle CPU %, bare': cpu.bare,
      'bytes a minute with the hub': bytes.toHub,
      'bytes a minute with the chain': bytes.toChain,
    },
    bars: [
      atMost('start to connected, s', seconds, CONNECTED_BAR_S),
      atMost('resident MB above bare libp2p', above, MEMORY_BAR_MB),
      atMost('idle CPU %', cpu.node, CPU_BAR_PERCENT),
    ],
  }
}

/** Several times; the last one goes on. */
async function startNode(stage: Stage): Promise<{ readonly node: Running; readonly seconds: number }> {
  const all: number[] = []
  for (let start = 0; ; start++) {
    const began = performance.now()
    const node = stage.startNode()
    await connected(stage.url)
    if (start > 0) all.push((performance.now() - began) / 1_000)
    if (start === STARTS) return { node, seconds: median(all) }
    await node.stop()
  }
}

/** Twice: the first one compiles. */
async function startBare(stage: Stage): Promise<{ readonly bare: Running; readonly bareSeconds: number }> {
  const first = stage.startBare()
  await first.said()
  await first.stop()
  const began = performance.now()
  const bare = stage.startBare()
  await bare.said()
  return { bare, bareSeconds: (performance.now() - began) / 1_000 }
}

const statusForm = z.object({ peers: z.number() })

async function connected(url: string): Promise<void> {
  const api = apiClient({ url })
  const end = performance.now() + CONNECT_MS
  for (;;) {
    const status = await api.get('/status', statusForm).catch(() => undefined)
    if (status !== undefined && status.peers > 0) return
    if (performance.now() > end) throw new Error('The node does not connect to its hub.')
    await pause(LOOK_MS)
  }
}

interface Two {
  readonly node: number
  readonly bare: number
}

interface Watched {
  readonly memory: Two
  readonly cpu: Two
  readonly bytes: { readonly toHub: number; readonly toChain: number }
}

async function watch(
  { toHub, toChain }: Stage,
  { node, bare }: { node: Running; bare: Running },
): Promise<Watched> {
  const pids = { node: pidOf(node), bare: pidOf(bare) }
  const both = async (read: (pid: number) => Promise<number>): Promise<Two> => ({
    node: await read(pids.node),
    bare: await read(pids.bare),
  })
  const before = await both(cpuSeconds)
  const wired = { toHub: toHub.bytes(), toChain: toChain.bytes() }
  const began = performance.now()
  const memory: Two[] = []
  for (let reading = 0; reading < READINGS; reading++) {
    await pause(WINDOW_MS / READINGS)
    memory.push(await both(residentMB))
  }
  const took = performance.now() - began
  const after = await both(cpuSeconds)
  const percent = (who: keyof Two): number => ((after[who] - before[who]) / (took / 1_000)) * 100
  const aMinute = (bytes: number): number => Math.round((bytes * MINUTE_MS) / took)
  return {
    memory: { node: median(memory.map((one) => one.node)), bare: median(memory.map((one) => one.bare)) },
    cpu: { node: percent('node'), bare: percent('bare') },
    bytes: {
      toHub: aMinute(toHub.bytes() - wired.toHub),
      toChain: aMinute(toChain.bytes() - wired.toChain),
    },
  }
}

function pidOf({ name, pid }: Running): number {
  if (pid === undefined) throw new Error(`${name} did not start.`)
  return pid
}

function pause(ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  setTimeout(resolve, ms)
  return promise
}
