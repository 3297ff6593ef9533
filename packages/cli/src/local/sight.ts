// The local network as it stands at a moment: the chain's word, each node's own, and what has reached the requester.
import { readFile } from 'node:fs/promises'
import { apiClient } from '@piecework/api'
import type { Chain, NetworkState } from '@piecework/chain'
import { z } from 'zod'
import { stateOf } from '../common/chain.ts'
import { keyOfRow } from '../job/results.ts'
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

const rowForm = z.object({ task: z.number(), batch: z.string(), row: z.number() })

export interface Looking {
  readonly chain: Chain
  readonly nodes: readonly RunningNode[]
  /** One for each job. */
  readonly files: readonly string[]
}

export async function look({ chain, nodes, files }: Looking): Promise<Sight> {
  const state = await stateOf(chain)
  const seen = await Promise.all(nodes.map(async (node) => ({ ...node, said: await saidBy(node) })))
  const results = await Promise.all(files.map(rowsIn))
  return {
    slot: chain.clock.slot(),
    state,
    nodes: seen,
    delivered: count(results, ({ task }) => task),
    rows: count(results, keyOfRow),
  }
}

/** Undefined where it does not answer now. */
async function saidBy({ url }: RunningNode): Promise<NodeSaid | undefined> {
  return apiClient({ url })
    .get('/status', nodeSaid)
    .catch(() => undefined)
}

type Row = z.output<typeof rowForm>

/** Of each job, what differs. */
function count(results: readonly (readonly Row[])[], of: (row: Row) => unknown): number {
  return results.reduce((sum, rows) => sum + new Set(rows.map(of)).size, 0)
}

/** A last line that is being written is not there yet. */
async function rowsIn(file: string): Promise<readonly Row[]> {
  const content = await readFile(file, 'utf8').catch(() => '')
  const whole = content.slice(0, content.lastIndexOf('\n') + 1)
  return whole.split('\n').flatMap((line) => (line === '' ? [] : [rowForm.parse(JSON.parse(line))]))
}
