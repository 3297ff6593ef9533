// Jobs: made, closed, paid back.
import {
  associatedTokens,
  bytesOf,
  closeJobForm,
  createJobForm,
  type Job,
  jobForm,
  networkForm,
  type RefundJobArgs,
  refundJobForm,
  rootOf,
} from '@piecework/chain'
import { jobDetail, leafHash, verifyProof } from '@piecework/protocol'
import { requireThat } from '../run.ts'
import { tokensAt, transfer } from '../tokens.ts'
import { blank } from './blank.ts'
import { type Handler, handler } from './handler.ts'
import { paramsNow, requireRunning } from './network.ts'

const create = handler(createJobForm, (run, { accounts, args, signers }) => {
  const { at, slot } = run
  const { requester } = accounts
  requireThat(signers.has(requester), 'NotSigner')
  const highest = args.rule === 'piece' ? args.price : args.capPrice
  requireThat(args.price > 0n && highest > 0n && args.maxUnits > 0 && args.replicas > 0, 'WrongRule')
  const network = run.load(networkForm, at.network)
  requireRunning(network, slot)
  tokensAt(run, accounts.requesterTokens, network.mint)
  const { minDeposit, verifierBps, settleBps } = paramsNow(network, slot)
  requireThat(args.deposit >= minDeposit, 'DepositTooSmall')
  requireThat(accounts.job === at.job(requester, args.nonce), 'WrongAddress')
  const index = network.nextJob
  const job: Job = {
    ...blank(jobForm),
    ...args,
    network: at.network,
    requester,
    index,
    verifierBps,
    settleBps,
    createdSlot: slot,
  }
  run.create(jobForm, accounts.job, job)
  const totals = { ...network.totals, deposited: network.totals.deposited + args.deposit }
  run.save(networkForm, at.network, { ...network, nextJob: index + 1, totals })
  const { mint } = network
  transfer(run, {
    mint,
    from: accounts.requesterTokens,
    to: at.vault,
    amount: args.deposit,
    owner: requester,
  })
  const fields = { network: at.network, job: accounts.job, index, requester, deposit: args.deposit }
  run.emit({ name: 'JobCreated', fields })
})

const close = handler(closeJobForm, (run, { accounts, signers }) => {
  const { at, slot } = run
  const job = run.load(jobForm, accounts.job)
  requireThat(signers.has(accounts.requester) && job.requester === accounts.requester, 'NotRequester')
  requireThat(job.closeSlot === 0, 'JobClosed')
  run.save(jobForm, accounts.job, { ...job, closeSlot: slot })
  run.emit({ name: 'JobClosed', fields: { network: at.network, index: job.index, slot } })
})

const refund = handler(refundJobForm, (run, { accounts, args, signers }) => {
  const { at } = run
  const { requester, destination } = accounts
  const network = run.load(networkForm, at.network)
  const { mint, totals } = network
  const job = run.load(jobForm, accounts.job)
  requireThat(job.requester === requester, 'NotRequester')
  const root = rootOf(network, args.rootEpoch)
  requireThat(root !== undefined, 'RootNotKept')
  const proves = (done: boolean): boolean =>
    verifyProof({ ...root.jobs, ...leafOf(job, args, done), proof: args.proof })
  requireThat(proves(true), proves(false) ? 'JobNotDone' : 'WrongProof')
  const owner = tokensAt(run, destination, mint).owner
  const free = signers.has(requester) && owner === requester
  requireThat(free || destination === associatedTokens(requester, mint).address, 'WrongDestination')
  const refunded = job.deposit - args.amount
  requireThat(
    refunded >= 0n && totals.charged + totals.refunded + refunded <= totals.deposited,
    'ChargedAboveDeposited',
  )
  run.save(networkForm, at.network, {
    ...network,
    totals: { ...totals, refunded: totals.refunded + refunded },
  })
  transfer(run, { mint, from: at.vault, to: destination, amount: refunded, owner: at.vault })
  run.remove(accounts.job)
  run.emit({
    name: 'JobRefunded',
    fields: { network: at.network, index: job.index, charged: args.amount, refunded },
  })
})

function leafOf(
  { index, requester }: Job,
  { amount, rest }: RefundJobArgs,
  done: boolean,
): { index: number; leaf: Uint8Array } {
  const owner = bytesOf(requester)
  return { index, leaf: leafHash({ index, amount, owner, detail: jobDetail(done, rest) }) }
}

export const jobHandlers: readonly Handler[] = [create, close, refund]
