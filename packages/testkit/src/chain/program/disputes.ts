// Disputes: a leaf under the latest final root, beside the leaf at the same index under the candidate.
import {
  bytesOf,
  closeDisputeForm,
  disputeForm,
  type Epoch,
  entriesOf,
  epochForm,
  inMask,
  type Network,
  networkForm,
  openDisputeForm,
  paramsOf,
  proveDisputeForm,
  rootOf,
  rosterForm,
  seatsOf,
} from '@piecework/chain'
import { equalBytes, leafHash, verifyProof, ZERO_HASH } from '@piecework/protocol'
import { type Run, requireThat } from '../run.ts'
import { burn, tokensAt, transfer } from '../tokens.ts'
import { blank } from './blank.ts'
import { inNextRound, loadEpoch, requireSealed } from './epochs.ts'
import { type Handler, handler } from './handler.ts'
import { countSlashed, share, takeFromRoster } from './stakes.ts'

/** The disputer's part of what the voters lose. */
const REWARD_BPS = 1_000

/** The epoch that waits to become final, with a candidate. */
function disputable(run: Run, network: Network): Epoch {
  const epoch = loadEpoch(run, network.lastFinal + 1)
  requireSealed(epoch)
  requireThat(!equalBytes(epoch.candidate.attestation, ZERO_HASH), 'NoCandidate')
  return epoch
}

const open = handler(openDisputeForm, (run, { accounts, args, signers }) => {
  const { at } = run
  const { disputer } = accounts
  requireThat(signers.has(disputer), 'NotSigner')
  const network = run.load(networkForm, at.network)
  const { state } = run.load(epochForm, accounts.epoch)
  requireThat(state !== 'final', 'DisputeOver')
  const { number: epoch } = disputable(run, network)
  const latest = rootOf(network, network.lastFinal)
  requireThat(latest !== undefined, 'RootNotKept')
  const { ledger, index, amount, owner, detail, proof } = args
  const leaf = leafHash({ index, amount, owner: bytesOf(owner), detail })
  requireThat(verifyProof({ ...latest[ledger], index, leaf, proof }), 'WrongProof')
  requireThat(accounts.dispute === at.dispute({ epoch, ledger, index, disputer }), 'WrongAddress')
  const place = { network: at.network, epoch, ledger, index, disputer }
  run.create(disputeForm, accounts.dispute, { ...blank(disputeForm), ...place, amount, owner })
  run.emit({ name: 'DisputeOpened', fields: place })
})

const prove = handler(proveDisputeForm, (run, { accounts, args }) => {
  const { at, slot } = run
  const network = run.load(networkForm, at.network)
  const { mint } = network
  const { ledger, index, ...dispute } = run.load(disputeForm, accounts.dispute)
  requireThat(dispute.disputer === accounts.disputer, 'WrongDisputer')
  requireThat(tokensAt(run, accounts.destination, mint).owner === dispute.disputer, 'WrongTokenAccount')
  requireThat(dispute.epoch > network.lastFinal, 'DisputeOver')
  const epoch = disputable(run, network)
  const { amount, owner, detail, proof } = args
  const leaf = leafHash({ index, amount, owner: bytesOf(owner), detail })
  requireThat(verifyProof({ ...epoch.candidate[ledger], index, leaf, proof }), 'WrongProof')
  requireThat(amount < dispute.amount || owner !== dispute.owner, 'NothingWrong')

  const taken = takeStakes(run, network, epoch)
  const reward = share(taken, REWARD_BPS)
  const burned = taken - reward
  const vault = { mint, from: at.stakeVault, owner: at.stakeVault }
  transfer(run, { ...vault, to: accounts.destination, amount: reward })
  burn(run, { ...vault, amount: burned })
  run.remove(accounts.dispute)
  const { number, round } = epoch
  run.save(epochForm, at.epoch(number), inNextRound(epoch, slot))
  const fields = { network: at.network, epoch: number, round, ledger, index, burned, reward }
  run.emit({ name: 'DisputeProven', fields })
})

/** The largest slash from everybody who voted; gives the sum. */
function takeStakes(run: Run, network: Network, epoch: Epoch): bigint {
  const { maxSlashBps } = paramsOf(network, epoch.number)
  const voted = new Set(
    seatsOf(epoch)
      .filter((_, place) => inMask(epoch.voteMask, place))
      .map(({ id }) => id),
  )
  const entries = entriesOf(run.load(rosterForm, run.at.roster)).filter(({ id }) => voted.has(id))
  const parts = new Map(entries.map(({ id, stake }) => [id, share(stake, maxSlashBps)]))
  const taken = [...parts.values()].reduce((sum, part) => sum + part, 0n)
  takeFromRoster(run, parts)
  countSlashed(run, taken)
  return taken
}

const close = handler(closeDisputeForm, (run, { accounts }) => {
  const { at } = run
  const { epoch, ledger, index, disputer } = run.load(disputeForm, accounts.dispute)
  requireThat(disputer === accounts.disputer, 'WrongDisputer')
  requireThat(epoch <= run.load(networkForm, at.network).lastFinal, 'DisputeNotSettled')
  run.remove(accounts.dispute)
  run.emit({ name: 'DisputeClosed', fields: { network: at.network, epoch, ledger, index, disputer } })
})

export const disputeHandlers: readonly Handler[] = [open, prove, close]
