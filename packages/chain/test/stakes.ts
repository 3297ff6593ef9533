// How verifiers lose seats and stakes, by every Chain alike: displaced, retired, dropped, slashed, disputed.
import {
  ACCOUNT_DETAIL,
  accountsLedger,
  type Harness,
  jobsLedger,
  longParams,
  SLASH_DETAIL,
  slashesLedger,
  TestNetwork,
} from '@piecework/testkit/settlement'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  applySlash,
  associatedTokens,
  closeDispute,
  type DisputePlace,
  dropInactive,
  leaveRoster,
  openDispute,
  postValues,
  present,
  proveDispute,
  read,
  retire,
  SEATS,
  seatsOf,
  type Verifier,
  wantVerifier,
  withdrawStake,
} from '../src/index.ts'

/** The shortest cooldown that parameters allow. */
const COOLDOWN = 2
const PARAMS = longParams({ carryEpochs: 1, evidenceEpochs: COOLDOWN, cooldownEpochs: COOLDOWN })
const ZERO = new Uint8Array(32)

export function chainStakes(name: string, make: () => Promise<Harness>): void {
  describe(name, () => {
    let harness: Harness
    let network: TestNetwork

    beforeEach(async () => {
      harness = await make()
    })

    afterEach(() => harness.stop())

    async function begin(stakes: readonly bigint[]): Promise<void> {
      network = new TestNetwork(harness, stakes)
      await network.begin(PARAMS)
    }

    async function final(...numbers: readonly number[]): Promise<void> {
      for (const number of numbers) {
        await network.settle(number)
        await network.agree(number)
      }
    }

    const tokens = () => associatedTokens(harness.payer.address, harness.mint).address
    const withdrawal = (id: number, leaf: { amount?: bigint; proof?: readonly Uint8Array[] } = {}) =>
      withdrawStake(network.chain.at, {
        operator: harness.payer.address,
        id,
        destination: tokens(),
        amount: 0n,
        detail: SLASH_DETAIL,
        proof: [],
        ...leaf,
      })

    async function verifier(id: number): Promise<Verifier> {
      const { at } = network.chain
      const { value } = await read(network.chain, { verifier: wantVerifier(at, id) })
      return present(value.verifier, 'verifier', at.verifier(id))
    }

    it('end with the seat that a larger stake takes, and are paid back after the cooldown', async () => {
      // The first has more than two thirds of all, so that it is enough if it alone does its part.
      const small = 20
      await begin(
        Array.from({ length: SEATS }, (_, id) => (id === 0 ? 500_000n : id === small ? 1_500n : 2_000n)),
      )
      const { at } = network.chain
      for (let id = 1; id <= SEATS; id++) network.silent.add(id)
      expect(await network.refuses([network.joining(1_649n)])).toBe('StakeBelowDisplacement')
      network.voteKeys.pop()
      await network.does([network.joining(1_650n)])
      expect(await network.refuses([retire(at, small)])).toBe('NotExited')

      await final(0)
      const ids = async (number: number) => seatsOf(await network.epoch(number)).map(({ id }) => id)
      expect(await ids(1)).toContain(small)
      await network.settle(1)
      const seated = await ids(2)
      expect([seated.length, seated.includes(small), seated.at(-1)]).toEqual([SEATS, false, SEATS])
      expect(await network.refuses([retire(at, small)])).toBe('NotExited')
      await network.agree(1)
      expect(await network.refuses([withdrawal(small)])).toBe('NotRetired')
      await network.does([retire(at, small)])
      expect(await verifier(small)).toMatchObject({ retired: true, stake: 1_500n, exitEpoch: 2 })
      expect((await network.roster()).map(({ id }) => id)).not.toContain(small)
      expect(await network.refuses([retire(at, small)])).toBe('NotInRoster')

      await network.postInventories(2)
      const posts = [{ voteKey: network.voteKey(small), value: ZERO }]
      const late = postValues(at, { what: 'inventory', number: 2, posts })
      expect(await network.refuses([late])).toBe('NotSeated')
      await network.seal(2)
      await network.commit(2)
      await network.agree(2)
      await final(3)
      expect(await network.refuses([withdrawal(small)])).toBe('CooldownNotOver')
      await final(4)
      const before = await network.balance(harness.payer)
      const { staked } = (await network.state()).totals
      await network.does([withdrawal(small)])
      expect((await network.balance(harness.payer)) - before).toBe(1_500n)
      expect((await network.state()).totals.staked).toBe(staked - 1_500n)
      expect((await network.vaults())[1]).toBe(staked - 1_500n)
      expect((await network.chain.accounts([at.verifier(small)])).value).toEqual([undefined])
    })

    it('are paid back at once to who never had a seat', async () => {
      await begin([1_000n])
      const { at } = network.chain
      const leave = (id: number) => leaveRoster(at, { operator: harness.payer.address, id })
      expect(await network.refuses([leave(0)])).toBe('LastVerifier')
      await network.does([network.joining(2_000n)])
      await network.does([leave(1)])
      await network.does([retire(at, 1)])
      expect(await verifier(1)).toMatchObject({ retired: true, exitEpoch: -1 })
      await network.does([withdrawal(1)])
      expect((await network.vaults())[1]).toBe(1_000n)
    })

    it('do not count while their verifiers are gone, and half of them always do', async () => {
      await begin([1_000n, 1_000n, 1_000n, 1_000n])
      network.silent.add(2).add(3)
      await network.postInventories(0)
      const { at } = network.chain
      const drop = (seats: bigint) => dropInactive(at, { number: 0, seats })
      expect(await network.refuses([drop(0b1100n)])).toBe('NotInactive')
      const { seats, endsAt } = await network.epoch(0)
      const goneFrom = (seats[2]?.activeSlot ?? 0) + PARAMS.length * PARAMS.inactiveEpochs
      await network.until(Math.max(goneFrom, endsAt + PARAMS.grace + PARAMS.inventory))
      expect(await network.refuses([drop(0b1101n)])).toBe('NotInactive')
      await network.does([drop(0b1100n)])
      const dropped = await network.epoch(0)
      expect(dropped).toMatchObject({ droppedMask: 0b1100n, stakeCounted: 2_000n, stakeTotal: 4_000n })
      expect(dropped.quorumSlot).toBeGreaterThan(0)
      expect(await network.refuses([drop(0b0001n)])).toBe('QuorumReached')
      await network.seal(0)
      await network.commit(0)
      await network.agree(0)
      expect((await network.epoch(1)).stakeCounted).toBe(4_000n)
      expect(await network.refuses([drop(0b0001n)])).toBe('EpochFinal')
    })

    it('are taken by the ledger, so much in an epoch, before they can be withdrawn', async () => {
      await begin([10_000n, 10_000n])
      const { at } = network.chain
      await network.does([leaveRoster(at, { operator: harness.payer.address, id: 1 })])
      const slashes = slashesLedger(harness.payer, [0n, 1_500n])
      await network.settle(0)
      await network.agree(0, { slashes })
      const { mint } = harness
      const leaf = { amount: 1_500n, detail: SLASH_DETAIL, proof: slashes.proof(1) }
      const slash = applySlash(at, { id: 1, mint, rootEpoch: 0, ...leaf })
      const wrong = applySlash(at, { id: 1, mint, rootEpoch: 0, ...leaf, amount: 1_501n })
      expect(await network.refuses([wrong])).toBe('WrongProof')
      await network.does([slash])
      expect((await network.roster())[1]?.stake).toBe(9_000n)
      expect(await network.refuses([slash])).toBe('NothingToSlash')

      for (const number of [1, 2, 3, 4]) {
        await network.settle(number)
        await network.agree(number, { slashes })
      }
      await network.does([retire(at, 1)])
      expect(await network.refuses([withdrawal(1)])).toBe('WrongProof')
      expect(await network.refuses([withdrawal(1, leaf)])).toBe('SlashPending')
      const again = applySlash(at, { id: 1, mint, rootEpoch: 4, ...leaf })
      await network.does([again])
      expect(await verifier(1)).toMatchObject({ stake: 8_500n, slashed: 1_500n })
      expect((await network.state()).totals).toMatchObject({ staked: 18_500n, slashed: 1_500n })
      await network.does([withdrawal(1, leaf)])
      expect((await network.vaults())[1]).toBe(10_000n)
    })

    it('answer for a candidate that takes something back', async () => {
      await begin([10_000n, 10_000n, 10_000n, 10_000n])
      const worker = harness.key('worker')
      /** What is taken from the one goes to another. */
      const owed = (amount: bigint) =>
        accountsLedger([
          { wallet: worker, amount },
          { wallet: harness.key('thief'), amount: 600n - amount },
        ])
      const jobs = jobsLedger(harness.payer, 1_000n)
      const { at } = network.chain
      await network.does([network.job(5n)])
      await network.settle(0)
      await network.agree(0, { accounts: owed(600n), jobs })
      await network.settle(1)
      const place: DisputePlace = { epoch: 1, ledger: 'accounts', index: 1, disputer: harness.payer.address }
      const leafOf = (amount: bigint) => ({
        amount,
        owner: worker.address,
        detail: ACCOUNT_DETAIL,
        proof: owed(amount).proof(1),
      })
      const open = openDispute(at, { ...place, ...leafOf(600n) })
      const prove = (amount: bigint) =>
        proveDispute(at, { dispute: place, mint: harness.mint, destination: tokens(), ...leafOf(amount) })
      expect(await network.refuses([open])).toBe('NoCandidate')
      await network.propose(1, { accounts: owed(599n), jobs })
      await network.vote(1, [0, 1, 2])
      expect(await network.refuses([openDispute(at, { ...place, ...leafOf(599n) })])).toBe('WrongProof')
      await network.does([open])
      const before = await network.balance(harness.payer)
      await network.does([prove(599n)])
      expect((await network.roster()).map(({ stake }) => stake)).toEqual([9_000n, 9_000n, 9_000n, 10_000n])
      expect((await network.balance(harness.payer)) - before).toBe(300n)
      expect((await network.state()).totals).toMatchObject({ staked: 37_000n, slashed: 3_000n })
      expect(await network.epoch(1)).toMatchObject({ round: 1, voteMask: 0n, votedSlot: 0 })

      await network.propose(1, { accounts: owed(600n), jobs })
      await network.does([open])
      expect(await network.refuses([prove(600n)])).toBe('NothingWrong')
      expect(await network.refuses([closeDispute(at, place)])).toBe('DisputeNotSettled')
      await network.vote(1, [0, 1, 2, 3])
      await network.finalize(1)
      expect(await network.refuses([prove(600n)])).toBe('DisputeOver')
      await network.does([closeDispute(at, place)])
      expect((await network.chain.accounts([at.dispute(place)])).value).toEqual([undefined])
    })
  })
}
