import { describe, expect, it } from 'vitest'
import { withAccounts, withArgs } from './support/calls.ts'
import type { Call, Values } from './support/encode.ts'
import {
  epochOf,
  filled,
  goTo,
  nextRoundCall,
  postInventories,
  proposal,
  propose,
  proposeCall,
  type Running,
  readEpoch,
  seal,
  startedNetwork,
  toFinal,
  toSealed,
  vote,
} from './support/epochs.ts'
import { emptyRoot, type LedgerRoot, sha256, tag, zeroHash } from './support/ledger.ts'
import { makeNetwork, u64 } from './support/network.ts'
import { substitutions } from './support/substitution.ts'
import { World } from './support/world.ts'

const million = 1_000_000n
const deposited = 1_000_000n

function setup(stakes: readonly bigint[] = [million, 2n * million, 3n * million]): Running {
  const running = startedNetwork(new World(), stakes)
  running.world.write('Network', running.network.id, { 'totals.deposited': deposited, next_job: 5 })
  return running
}

/** Sealed, and in the first slot of the first round. */
function sealed(stakes?: readonly bigint[]): Running {
  const running = setup(stakes)
  toSealed(running, 0n)
  goTo(running.world, readEpoch(running, 0n, 'round_from'))
  return running
}

function ledger(byte: number, count: bigint, total: bigint): LedgerRoot {
  return { root: filled(byte), count, total }
}

function ledgerBytes({ root, count, total }: LedgerRoot): Uint8Array {
  return Buffer.concat([root, u64(count), u64(total)])
}

const ledgers = {
  accounts: ledger(1, 9n, 400n),
  jobs: ledger(2, 5n, 500n),
  slashes: ledger(3, 3n, 60n),
}

/** As 8-bytes.md says, from the defaults of `proposal`. */
function attestationOf(running: Running, number: bigint, previous: Uint8Array): string {
  const epoch = epochOf(running.network, number)
  const seed = Buffer.from(String(running.world.read('Epoch', epoch, 'seed')), 'hex')
  const hash = sha256(
    ...[tag('pw/attestation'), running.network.id.toBytes(), u64(number)],
    ...[u64(readEpoch(running, number, 'round')), seed, filled(21), filled(22), previous],
    ...[ledgerBytes(ledgers.accounts), ledgerBytes(ledgers.jobs), ledgerBytes(ledgers.slashes)],
    ...[filled(23), filled(24), filled(25)],
  )
  return Buffer.from(hash).toString('hex')
}

describe('propose', () => {
  it('computes the attestation hash of its fields, and keeps the ledgers', () => {
    const running = sealed()
    const { world, network } = running
    const { events } = world.send(proposeCall(running, 0n, ledgers))
    const attestation = attestationOf(running, 0n, zeroHash)
    const fields = { network: network.id.toBase58(), epoch: 0n, round: 0n, attestation }
    expect(events).toEqual([{ name: 'Proposed', fields }])
    const read = (path: string) => world.read('Epoch', epochOf(network, 0n), `candidate.${path}`)
    expect(read('attestation')).toBe(attestation)
    expect(read('accounts.root')).toBe('01'.repeat(32))
    expect(read('accounts.total')).toBe(400n)
    expect(read('jobs.count')).toBe(5n)
    expect(read('slashes.total')).toBe(60n)
  })

  it('binds to the attestation before', () => {
    const running = setup()
    toFinal(running, 0n, ledgers)
    const previous = Buffer.from(
      String(running.world.read('Network', running.network.id, 'roots.0.attestation')),
      'hex',
    )
    toSealed(running, 1n)
    const { events } = propose(running, 1n, ledgers)
    expect(events[0]?.fields['attestation']).toBe(attestationOf(running, 1n, previous))
  })

  it('notes that the proposer is active', () => {
    const running = sealed([million])
    running.world.send(proposeCall(running, 0n))
    expect(readEpoch(running, 0n, 'seats.0.active_slot')).toBe(running.world.slot())
  })

  it('is for the drawn verifier of the round, in every round', () => {
    const running = sealed()
    const { world } = running
    const drawn = new Set<string>()
    for (let round = 0; round < 8; round++) {
      const call = proposeCall(running, 0n)
      const proposer = call.accounts['proposer']
      drawn.add(String(proposer))
      for (const { voteKey } of running.verifiers) {
        const expected = proposer?.equals(voteKey) ? 'accepted' : 'NotProposer'
        expect(world.refusal(withAccounts(call, { proposer: voteKey }))).toBe(expected)
      }
      expect(world.refusal(withAccounts(call, { proposer: world.key() }))).toBe('NotProposer')
      goTo(world, world.slot() + 4n)
      world.send(nextRoundCall(running, 0n))
    }
    expect(drawn.size).toBeGreaterThan(1)
  })

  it('is for nobody when nobody weighs anything', () => {
    const running = sealed()
    const call = proposeCall(running, 0n)
    running.world.write('Epoch', epochOf(running.network, 0n), { weight_total: 0 })
    expect(running.world.refusal(call)).toBe('NotProposer')
  })

  it('comes after challenge, commit and reveal, once a round, in the round it names', () => {
    const running = setup()
    const { world } = running
    toSealed(running, 0n)
    world.setSlot(readEpoch(running, 0n, 'round_from') - 1n)
    expect(world.refusal(proposeCall(running, 0n))).toBe('ProposeTooEarly')
    propose(running, 0n)
    expect(world.refusal(proposeCall(running, 0n))).toBe('AlreadyProposed')
    expect(world.refusal(proposeCall(running, 0n, { round: 1n }))).toBe('WrongRound')
  })

  it('is for the epoch after the last final one, when it is sealed', () => {
    const running = setup()
    const { world, network } = running
    const call: Call = {
      name: 'propose',
      accounts: { proposer: world.key(), network: network.id, epoch: epochOf(network, 0n) },
      args: { ...proposal, number: 0n, round: 0n },
    }
    expect(world.refusal(call)).toBe('NotSealed')
    postInventories(running, 0n)
    expect(world.refusal(call)).toBe('NotSealed')
    seal(running, 0n)
    propose(running, 0n)
    vote(running, 0n)
    expect(world.refusal(proposeCall(running, 1n))).toBe('WrongEpoch')
    expect(world.refusal(withArgs(proposeCall(running, 0n), { number: 1n }))).toBe('WrongEpoch')
    expect(world.refusal(withArgs(proposeCall(running, 1n), { number: 0n }))).toBe('WrongEpoch')
  })

  it('is refused while the network is paused', () => {
    const running = sealed()
    running.world.write('Network', running.network.id, { pause_until: running.world.slot() + 1n })
    expect(running.world.refusal(proposeCall(running, 0n))).toBe('Paused')
    running.world.setSlot(running.world.slot() + 1n)
    expect(running.world.refusal(proposeCall(running, 0n))).toBe('accepted')
  })

  it('refuses every account in another place', () => {
    const running = sealed()
    const { world, network } = running
    const other = makeNetwork(world, { name: 2 })
    const { expected, actual } = substitutions(world, proposeCall(running, 0n), {
      foreign: { epoch: epochOf(other, 0n) },
      elsewhere: {
        network: [other.id, 'WrongNetwork'],
        epoch: [epochOf(network, 1n), 'WrongEpoch'],
      },
    })
    expect(actual).toEqual(expected)
  })
})

describe('propose and its ledgers', () => {
  const cases: readonly (readonly [string, Values, string])[] = [
    ['the same again', ledgers, 'accepted'],
    ['everything grows', { accounts: ledger(1, 10n, 450n), jobs: ledger(2, 5n, 600n) }, 'accepted'],
    ['fewer accounts', { accounts: ledger(1, 8n, 400n) }, 'CountShrinks'],
    ['fewer jobs', { jobs: ledger(1, 4n, 500n) }, 'CountShrinks'],
    ['fewer slashes', { slashes: ledger(1, 2n, 60n) }, 'CountShrinks'],
    ['less paid', { accounts: ledger(1, 9n, 399n) }, 'TotalShrinks'],
    ['less charged', { jobs: ledger(1, 5n, 499n) }, 'TotalShrinks'],
    ['less slashed', { slashes: ledger(1, 3n, 59n) }, 'TotalShrinks'],
    ['as much paid as charged', { accounts: ledger(1, 9n, 500n) }, 'accepted'],
    ['more paid than charged', { accounts: ledger(1, 9n, 501n) }, 'PaidAboveCharged'],
    ['as much charged as is there', { jobs: ledger(1, 5n, deposited - 70n) }, 'accepted'],
    ['more charged than is there', { jobs: ledger(1, 5n, deposited - 69n) }, 'ChargedAboveDeposited'],
    ['more jobs than were made', { jobs: ledger(1, 6n, 500n) }, 'BadLedger'],
    ['more slashed than ever joined', { slashes: ledger(1, 4n, 60n) }, 'BadLedger'],
    ['accounts to the last index', { accounts: ledger(1, 2n ** 32n, 400n) }, 'accepted'],
    ['accounts beyond it', { accounts: ledger(1, 2n ** 32n + 1n, 400n) }, 'BadLedger'],
  ]
  it.each(cases)('%s', (_, changed, expected) => {
    const running = setup()
    running.world.write('Network', running.network.id, { 'totals.refunded': 70n })
    toFinal(running, 0n, ledgers)
    toSealed(running, 1n)
    goTo(running.world, readEpoch(running, 1n, 'round_from'))
    expect(running.world.refusal(proposeCall(running, 1n, { ...ledgers, ...changed }))).toBe(expected)
  })

  it('an empty one has neither root nor total', () => {
    const running = sealed()
    const refusal = (slashes: LedgerRoot) => running.world.refusal(proposeCall(running, 0n, { slashes }))
    expect(refusal(emptyRoot)).toBe('accepted')
    expect(refusal({ ...emptyRoot, root: filled(1) })).toBe('BadLedger')
    expect(refusal({ ...emptyRoot, total: 1n })).toBe('BadLedger')
  })

  it('sums that overflow are no way around', () => {
    const running = sealed()
    const most = 2n ** 64n - 1n
    const changed = { jobs: ledger(1, 5n, most), accounts: ledger(1, 1n, most) }
    running.world.write('Network', running.network.id, { 'totals.refunded': 70n })
    expect(running.world.refusal(proposeCall(running, 0n, changed))).toBe('ChargedAboveDeposited')
  })
})
