// What an account is owed, as the chain's own final roots say: nothing that somebody merely claims is believed.
import {
  type Chain,
  claimedOf,
  type FinalRoot,
  pageNumberOf,
  present,
  read,
  rootOf,
  wantNetwork,
  wantPage,
} from '@piecework/chain'
import type { LedgerAnswer, ProvenLeaf } from '@piecework/network'
import { accountDetail, leafHash, verifyProof } from '@piecework/protocol'

export interface Owed {
  readonly epoch: number
  readonly leaf: ProvenLeaf
}

/** Final roots at `finalized`, newest last, as far as the chain keeps them. */
export async function finalRoots(chain: Chain): Promise<readonly FinalRoot[]> {
  const { at } = chain
  const { value } = await read(chain, { network: wantNetwork(at) }, 'finalized')
  const network = present(value.network, 'network', at.network)
  const epochs = network.roots.map((_, i) => network.lastFinal - network.roots.length + 1 + i)
  return epochs.flatMap((epoch) => rootOf(network, epoch) ?? [])
}

/** The wallet's leaves that stand under one of these roots. */
export function provenLeaves(
  { epoch, leaves }: LedgerAnswer,
  wallet: Uint8Array,
  roots: readonly FinalRoot[],
): readonly Owed[] {
  const ledger = roots.find((root) => root.epoch === epoch)?.accounts
  if (ledger === undefined) return []
  const proven = leaves.filter(({ index, amount, minAmount, maxFee, rest, proof }) => {
    const leaf = leafHash({
      index,
      amount,
      owner: wallet,
      detail: accountDetail({ minAmount, maxFee, rest }),
    })
    return verifyProof({ root: ledger.root, count: ledger.count, index, leaf, proof })
  })
  return proven.map((leaf) => ({ epoch, leaf }))
}

/** What an account index has claimed, as of a confirmed slot. */
export async function claimedBy(chain: Chain, index: number): Promise<bigint> {
  const { value } = await read(chain, { page: wantPage(chain.at, pageNumberOf(index)) })
  return value.page === undefined ? 0n : claimedOf(value.page, index)
}
