// Stakes after the roster: they move to their verifier's account, are slashed by the ledger, and are paid out.
import {
  type ApplySlashArgs,
  applySlashForm,
  bytesOf,
  entriesOf,
  type Network,
  networkForm,
  paramsOf,
  retireForm,
  rootOf,
  rosterForm,
  type Verifier,
  verifierForm,
  type WithdrawStakeArgs,
  withdrawStakeForm,
} from '@piecework/chain'
import { leafHash, verifyProof } from '@piecework/protocol'
import { type Run, requireThat } from '../run.ts'
import { burn, tokensAt, transfer } from '../tokens.ts'
import { type Handler, handler } from './handler.ts'
import { currentEpoch } from './network.ts'
import { withEntries } from './roster.ts'

/** The exit epoch of who retires without ever having had a seat. */
const NEVER_SEATED = -1
const WHOLE_BPS = 10_000n

const retire = handler(retireForm, (run, { accounts }) => {
  const { at } = run
  const network = run.load(networkForm, at.network)
  const roster = run.load(rosterForm, at.roster)
  const verifier = run.load(verifierForm, accounts.verifier)
  const entries = entriesOf(roster)
  const entry = entries.find(({ id }) => id === verifier.id)
  requireThat(entry !== undefined, 'NotInRoster')
  const neverSeated = entry.exitEpoch <= entry.fromEpoch
  requireThat(neverSeated || entry.exitEpoch <= network.lastFinal + 1, 'NotExited')
  const { id, stake } = entry
  const exitEpoch = neverSeated ? NEVER_SEATED : entry.exitEpoch
  run.save(verifierForm, accounts.verifier, { ...verifier, retired: true, stake, exitEpoch })
  const left = entries.filter((one) => one !== entry)
  run.save(rosterForm, at.roster, withEntries(roster, left))
  run.emit({ name: 'VerifierRetired', fields: { network: at.network, id, stake } })
})

const withdraw = handler(withdrawStakeForm, (run, { accounts, args, signers }) => {
  const { at } = run
  const { operator, destination } = accounts
  const network = run.load(networkForm, at.network)
  const { mint, totals } = network
  tokensAt(run, destination, mint)
  const verifier = run.load(verifierForm, accounts.verifier)
  requireThat(signers.has(operator) && verifier.operator === operator, 'NotOperator')
  requireOver(network, verifier)
  requireSlashed(network, verifier, args)
  const { id, stake: amount } = verifier
  run.save(networkForm, at.network, { ...network, totals: { ...totals, staked: totals.staked - amount } })
  transfer(run, { mint, from: at.stakeVault, to: destination, amount, owner: at.stakeVault })
  run.remove(accounts.verifier)
  run.emit({ name: 'StakeWithdrawn', fields: { network: at.network, id, amount } })
})

function requireOver(network: Network, { retired, exitEpoch }: Verifier): void {
  requireThat(retired, 'NotRetired')
  const { cooldownEpochs } = paramsOf(network, network.lastFinal)
  const over = network.lastFinal >= exitEpoch + cooldownEpochs
  requireThat(over || exitEpoch === NEVER_SEATED, 'CooldownNotOver')
}

/** Everything that the latest root says was taken. */
function requireSlashed(network: Network, verifier: Verifier, args: WithdrawStakeArgs): void {
  const latest = rootOf(network, network.lastFinal)
  const reached = latest !== undefined && verifier.id < latest.slashes.count
  const none = args.amount === 0n && args.proof.length === 0
  requireThat(reached ? isLeaf(network, verifier, { ...args, rootEpoch: latest.epoch }) : none, 'WrongProof')
  requireThat(args.amount <= verifier.slashed || verifier.stake === 0n, 'SlashPending')
}

function isLeaf(network: Network, { id, operator }: Verifier, args: ApplySlashArgs): boolean {
  const root = rootOf(network, args.rootEpoch)
  requireThat(root !== undefined, 'RootNotKept')
  const { amount, detail, proof } = args
  const leaf = leafHash({ index: id, amount, owner: bytesOf(operator), detail })
  return verifyProof({ ...root.slashes, index: id, leaf, proof })
}

const applySlash = handler(applySlashForm, (run, { accounts, args }) => {
  const { at } = run
  const network = run.load(networkForm, at.network)
  const verifier = run.load(verifierForm, accounts.verifier)
  requireThat(isLeaf(network, verifier, args), 'WrongProof')
  const stake = stakeOf(run, verifier)
  const { taken, slashEpoch, slashRoom } = takenFrom(run, { network, verifier, stake, due: args.amount })
  const slashed = verifier.slashed + taken
  const left = verifier.retired ? stake - taken : verifier.stake
  run.save(verifierForm, accounts.verifier, { ...verifier, stake: left, slashed, slashEpoch, slashRoom })
  if (!verifier.retired) takeFromRoster(run, new Map([[verifier.id, taken]]))
  countSlashed(run, taken)
  burn(run, { mint: network.mint, from: at.stakeVault, amount: taken, owner: at.stakeVault })
  run.emit({ name: 'Slashed', fields: { network: at.network, id: verifier.id, amount: taken, slashed } })
})

function stakeOf(run: Run, { id, retired, stake }: Verifier): bigint {
  if (retired) return stake
  const entry = entriesOf(run.load(rosterForm, run.at.roster)).find((one) => one.id === id)
  requireThat(entry !== undefined, 'NotInRoster')
  return entry.stake
}

interface Slash {
  readonly network: Network
  readonly verifier: Verifier
  readonly stake: bigint
  /** Ever. */
  readonly due: bigint
}

type Taken = Pick<Verifier, 'slashEpoch' | 'slashRoom'> & { readonly taken: bigint }

/** What this epoch still allows. */
function takenFrom(run: Run, { network, verifier, stake, due }: Slash): Taken {
  const epoch = currentEpoch(network, run.slot)
  const part = share(stake, paramsOf(network, epoch).maxSlashBps)
  const fresh = part > 0n ? part : 1n
  const room = verifier.slashEpoch === epoch ? verifier.slashRoom : fresh
  const missing = due - verifier.slashed
  const taken = [room, stake, missing].reduce((least, one) => (one < least ? one : least))
  requireThat(taken > 0n, 'NothingToSlash')
  return { taken, slashEpoch: epoch, slashRoom: room - taken }
}

/** In hundredths of a percent, rounded down. */
export function share(amount: bigint, bps: number): bigint {
  return (amount * BigInt(bps)) / WHOLE_BPS
}

/** Takes from the stakes of verifiers that are in the roster, by id. */
export function takeFromRoster(run: Run, taken: ReadonlyMap<number, bigint>): void {
  const roster = run.load(rosterForm, run.at.roster)
  const entries = entriesOf(roster).map((one) => ({ ...one, stake: one.stake - (taken.get(one.id) ?? 0n) }))
  run.save(rosterForm, run.at.roster, withEntries(roster, entries))
}

export function countSlashed(run: Run, taken: bigint): void {
  const network = run.load(networkForm, run.at.network)
  const { staked, slashed } = network.totals
  const totals = { ...network.totals, staked: staked - taken, slashed: slashed + taken }
  run.save(networkForm, run.at.network, { ...network, totals })
}

export const stakeHandlers: readonly Handler[] = [retire, withdraw, applySlash]
