// Claims under a final root, and the pages that remember them.
import {
  associatedTokens,
  bytesOf,
  type ClaimArgs,
  claimForm,
  claimPageForm,
  type Network,
  networkForm,
  openPageForm,
  PAGE_ENTRIES,
  rootOf,
} from '@piecework/chain'
import { accountDetail, COMMONS_ACCOUNT, leafHash, verifyProof } from '@piecework/protocol'
import { requireThat } from '../run.ts'
import { tokensAt, transfer } from '../tokens.ts'
import { blank } from './blank.ts'
import { type Handler, handler } from './handler.ts'
import { paramsNow, requireRunning } from './network.ts'

const openPage = handler(openPageForm, (run, { accounts, args }) => {
  const { at } = run
  const network = run.load(networkForm, at.network)
  const root = rootOf(network, network.lastFinal)
  requireThat(root !== undefined, 'RootNotKept')
  requireThat(args.number * PAGE_ENTRIES < root.accounts.count, 'PageNotNeeded')
  requireThat(accounts.page === at.page(args.number), 'WrongAddress')
  run.create(claimPageForm, accounts.page, {
    ...blank(claimPageForm),
    number: args.number,
    network: at.network,
  })
  run.emit({ name: 'PageOpened', fields: { network: at.network, number: args.number } })
})

const claim = handler(claimForm, (run, { accounts, args, signers }) => {
  const { at, slot } = run
  const { wallet, destination, feeDestination } = accounts
  const { index, fee } = args
  requireThat(index !== COMMONS_ACCOUNT, 'CommonsNotClaimable')
  const network = run.load(networkForm, at.network)
  const root = rootOf(network, args.rootEpoch)
  requireThat(root !== undefined, 'RootNotKept')
  const owner = bytesOf(wallet)
  const leaf = leafHash({ index, amount: args.amount, owner, detail: accountDetail(args) })
  requireThat(verifyProof({ ...root.accounts, index, leaf, proof: args.proof }), 'WrongProof')

  const page = run.load(claimPageForm, accounts.page)
  const place = index - page.number * PAGE_ENTRIES
  requireThat(place >= 0 && place < PAGE_ENTRIES, 'WrongPage')
  const claimed = page.claimed[place] ?? 0n
  requireThat(claimed < args.amount, 'NothingToClaim')
  const amount = args.amount - claimed
  run.save(claimPageForm, accounts.page, { ...page, claimed: page.claimed.with(place, args.amount) })

  const signed = signers.has(wallet)
  requireTerms(network, args, { signed, amount, slot })
  const { mint } = network
  const free = signed && tokensAt(run, destination, mint).owner === wallet
  requireThat(free || destination === associatedTokens(wallet, mint).address, 'WrongDestination')
  const paid = withOutflow(network, { amount, rootSlot: root.slot, slot })
  const totals = { ...paid.totals, claimed: paid.totals.claimed + amount }
  requireThat(totals.claimed <= totals.paid, 'ClaimedAbovePaid')
  run.save(networkForm, at.network, { ...paid, totals })
  const vault = { mint, from: at.vault, owner: at.vault }
  if (fee > 0n) transfer(run, { ...vault, to: feeDestination, amount: fee })
  transfer(run, { ...vault, to: destination, amount: amount - fee })
  run.emit({
    name: 'Claimed',
    fields: { network: at.network, index, wallet, paid: amount, fee, claimed: args.amount },
  })
})

interface Terms {
  readonly signed: boolean
  readonly amount: bigint
  readonly slot: number
}

function requireTerms(network: Network, args: ClaimArgs, { signed, amount, slot }: Terms): void {
  const { fee, maxFee, minAmount } = args
  const { maxClaimFee } = paramsNow(network, slot)
  requireThat(signed || amount >= minAmount, 'BelowMinAmount')
  requireThat(fee === 0n || (!signed && fee <= maxFee && fee <= maxClaimFee && fee <= amount), 'FeeTooHigh')
}

interface Outflow {
  readonly amount: bigint
  readonly rootSlot: number
  readonly slot: number
}

/** Claims under a young root count against the window's limit. */
function withOutflow(network: Network, { amount, rootSlot, slot }: Outflow): Network {
  const { maturity, outflowLimit, outflowWindow } = paramsNow(network, slot)
  if (slot - rootSlot >= maturity) return network
  requireRunning(network, slot)
  const over = slot - network.outflowFrom >= outflowWindow
  const outflow = (over ? 0n : network.outflow) + amount
  requireThat(outflow <= outflowLimit, 'OutflowLimit')
  return { ...network, outflow, outflowFrom: over ? slot : network.outflowFrom }
}

export const claimHandlers: readonly Handler[] = [openPage, claim]
