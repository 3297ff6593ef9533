// The real terminal, clock, chance and network: what mains give to commands.
import { randomBytes } from '@piecework/api'
import { timeOf } from '@piecework/chain'
import { nodeTransport } from '@piecework/chain/node'
import type { Io } from './io.ts'
import { keysOf } from './keys.ts'

export function systemIo(): Io {
  return {
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    isTerminal: process.stderr.isTTY === true,
    keys: () => keysOf(process.stdin),
    env: process.env,
    folder: process.cwd(),
    process,
    node: process.execPath,
    nodeVersion: process.versions.node,
    randomBytes,
    now: () => Date.now(),
    rpc: {
      time: timeOf(() => performance.now()),
      random: Math.random,
      ...nodeTransport(),
    },
  }
}

/** Longer than a daemon's clean shutdown takes. */
const LAST_MS = 7_000

/** A command that another process of ours started does not outlive it, however that one ends. */
export function endWithParent(): void {
  if (!process.channel) return
  process.on('disconnect', () => setTimeout(() => process.exit(1), LAST_MS).unref())
  process.channel.unref()
}
