// The local network as it stands at a moment: the chain's word, each node's own, and what has reached the requester.
import { readFile } from 'node:fs/promises'
import { apiClient } from '@piecework/api'
import type { Chain, NetworkState } from '@piecework/chain'
import { z } from 'zod'
import { stateOf } from '../common/chain.ts'
import { type NodeSaid, nodeSaid } from './said.ts'
import type { RunningNode } from './world.ts'

export interface Sight {
  readonly slot: number
  readonly state: NetworkState
  readonly nodes: readonly (RunningNode & { readonly said: NodeSaid | undefined })[]
  /** Tasks with a result in the requester's files, and the rows there. */
  readonly delivered: number
  readonly rows: number
}

const taskForm = z.object({ task: z.number() })

export interface Looking {
  readonly chain: Chain
  readonly nodes: readonly RunningNode[]
  /** One for each job. */
  readonly files: readonly string[]
}

export async function look({ chain, nodes, files }: Looking): Promise<Sight> {
  const state = await stateOf(chain)
  const seen = await Promise.all(nodes.map(async (node) => ({ ...node, said: await saidBy(node) })))
  const results = await Promise.all(files.map(tasksIn))
  return {
    slot: chain.clock.slot(),
    state,
    nodes: seen,
    delivered: results.reduce((sum, tasks) => sum + new Set(tasks).size, 0),
    rows: results.flat().length,
  }
}

/** Undefined where it does not answer now. */
async function saidBy({ url }: RunningNode): Promise<NodeSaid | undefined> {
  return apiClient({ url })
    .get('/status', nodeSaid)
    .catch(() => undefined)
}

/** A last line that is being written is not there yet. */
async function tasksIn(file: string): Promise<readonly number[]> {
  const content = await readFile(file, 'utf8').catch(() => '')
  const whole = content.slice(0, content.lastIndexOf('\n') + 1)
  return whole.split('\n').flatMap((line) => (line === '' ? [] : [taskForm.parse(JSON.parse(line)).task]))
}
