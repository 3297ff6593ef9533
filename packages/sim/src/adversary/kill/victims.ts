// One daemon of each sort, each killed at once and started again by the command that started it.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Running, ready } from '@piecework/cli/local'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Stage } from './stage.ts'

export const VICTIMS = ['chain', 'verifier-0', 'settler-0', 'anna'] as const
export type Victim = (typeof VICTIMS)[number]

/** Kills it, and says when it runs again. Between the two, its disk is nobody's. */
export async function killed(
  { commands, world }: Stage,
  victim: Victim,
  meanwhile: () => Promise<void>,
): Promise<void> {
  const before = commands.running.findLast(({ name }) => name === victim)
  await before?.kill()
  await meanwhile()
  const again = commands.start(victim, ...commandOf(victim, world.url))
  if (victim === 'chain') await again.said()
  else await ready(again)
}

function commandOf(victim: Victim, url: string): readonly string[] {
  const port = new URL(url).port
  const commands: Readonly<Record<Victim, readonly string[]>> = {
    chain: ['local', 'chain', '--folder', 'chain', '--port', port],
    'verifier-0': ['verifier', 'start', 'verifier-0'],
    'settler-0': ['settler', 'start', 'settler-0'],
    anna: ['node', 'start', 'anna'],
  }
  return commands[victim]
}

/** Daemons that ended by themselves. */
export async function fallen({ commands }: Stage): Promise<readonly string[]> {
  const daemons = new Map<string, Running>()
  for (const one of commands.running) if (!one.name.startsWith('post-')) daemons.set(one.name, one)
  const running = Symbol('running')
  const states = await Promise.all(
    [...daemons].map(async ([name, { ended }]) => ({
      name,
      state: await Promise.race([ended, Promise.resolve(running)]),
    })),
  )
  return states.flatMap(({ name, state }) => (state === running ? [] : [name]))
}

const configForm = z.object({ api: z.object({ port: z.number() }) })
const EQUIVOCATION = /^network_messages_total\{[^}]*rule="equivocation"[^}]*\} (\d+)/gm

/** Pairs of batches for one place that a running verifier has seen. */
export async function equivocations({ folder }: Stage, verifier: string): Promise<number> {
  const text = await readFile(join(folder, verifier, 'verifier.yaml'), 'utf8')
  const { api } = configForm.parse(parse(text))
  const metrics = await fetch(`http://127.0.0.1:${api.port}/metrics`).then((answer) => answer.text())
  return [...metrics.matchAll(EQUIVOCATION)].reduce((sum, [, count]) => sum + Number(count), 0)
}
