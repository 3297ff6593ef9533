// A node as everybody can see it: what verifiers say of its work, and what the chain's own final root says it is owed.

import { readKeyFile } from '@piecework/api'
import { bytesOf, parseAddress } from '@piecework/chain'
import { type NodeStanding, protocols, type StintResult } from '@piecework/network'
import { claimedBy, finalRoots, type NodeConfig, nodeConfig, type Owed, provenLeaves } from '@piecework/node'
import { keyFromSecret } from '@piecework/protocol'
import { fromBase, readDaemonConfig } from '../common/daemon-config.ts'
import type { Place } from '../common/place.ts'
import type { Verifiers } from '../common/verifiers.ts'
import type { Context } from '../context.ts'

export { STATUS_EPOCHS } from '@piecework/network'

export interface OwnNode {
  readonly place: Place
  readonly nodeKey: Uint8Array
  readonly wallet: Uint8Array
}

export async function ownNode(context: Context, folder: string): Promise<OwnNode> {
  const { config, base } = await readDaemonConfig(context, {
    daemon: 'node',
    schema: nodeConfig,
    where: folder,
  })
  const { key, wallet, network, program, rpc, bootstrap }: NodeConfig = fromBase(base, config, ['key'])
  const { publicKey } = keyFromSecret(await readKeyFile(key))
  const place = { name: network, network, program, rpc, bootstrap }
  return { place, nodeKey: publicKey, wallet: bytesOf(parseAddress(wallet)) }
}

export interface Word {
  /** The newest epoch that is decided. */
  readonly epoch: number
  readonly standing: NodeStanding | undefined
  readonly results: readonly StintResult[]
}

/** Of the verifier that is furthest; one that lies about a result can't pay by it, nor keep pay back. */
export async function wordOn(verifiers: Verifiers, nodeKey: Uint8Array): Promise<Word> {
  const heard = await verifiers.askAll(protocols.status, { nodeKey, from: 0 })
  const [newest] = heard.map(({ answer }) => answer).sort((a, b) => b.epoch - a.epoch)
  return newest ?? { epoch: -1, standing: undefined, results: [] }
}

export interface Account {
  readonly owed: Owed | undefined
  readonly earned: bigint
  readonly claimed: bigint
}

/** By the newest of the kept final roots under which a verifier proves a leaf. */
export async function accountOf(verifiers: Verifiers, wallet: Uint8Array): Promise<Account> {
  const { chain } = verifiers
  const roots = await finalRoots(chain)
  if (roots.length === 0) return { owed: undefined, earned: 0n, claimed: 0n }
  const question = { ledger: 'accounts', owner: wallet, index: undefined } as const
  // Only of the first can it be that no verifier has its ledger yet; later, who refuses must not hide that nobody answers.
  const isFirst = roots.every(({ epoch }) => epoch === 0)
  const heard = await (isFirst
    ? verifiers.askThoseWhoKnow(protocols.ledger, question)
    : verifiers.askAll(protocols.ledger, question))
  const proven = heard.flatMap(({ answer }) => provenLeaves(answer, wallet, roots))
  const owed = proven.sort((a, b) => a.epoch - b.epoch).at(-1)
  if (owed === undefined) return { owed, earned: 0n, claimed: 0n }
  return { owed, earned: owed.leaf.amount, claimed: await claimedBy(chain, owed.leaf.index) }
}
