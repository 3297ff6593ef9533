// What the authority of a network may change, by every Chain alike.
import { type Harness, longParams, TestNetwork } from '@piecework/testkit/settlement'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { acceptAuthority, nominateAuthority, paramsOf, setParams } from '../src/index.ts'

const PARAMS = longParams()

export function chainAuthority(name: string, make: () => Promise<Harness>): void {
  describe(name, () => {
    let harness: Harness
    let network: TestNetwork

    beforeEach(async () => {
      harness = await make()
      network = new TestNetwork(harness)
      await network.begin(PARAMS)
    })

    afterEach(() => harness.stop())

    it('sets parameters two epochs later, one change at a time', async () => {
      const { at } = network.chain
      const authority = harness.creator.address
      const changed = longParams({ minDeposit: 2_000n, grace: 6 })
      const again = longParams({ minDeposit: 3_000n })
      await network.does([setParams(at, { authority, params: changed })])
      expect(await network.refuses([setParams(at, { authority, params: again })])).toBe('ParamsPending')
      const set = await network.state()
      expect(set.nextParamsFrom).toBe(2)
      expect([1, 2].map((epoch) => paramsOf(set, epoch).minDeposit)).toEqual([1_000n, 2_000n])

      for (const number of [0, 1]) {
        await network.settle(number)
        await network.agree(number)
      }
      expect((await network.epoch(1)).grace).toBe(PARAMS.grace)
      expect((await network.epoch(2)).grace).toBe(6)
      await network.until((await network.epoch(2)).startsAt)
      expect(await network.refuses([network.job(5n, { deposit: 1_999n })])).toBe('DepositTooSmall')
      await network.does([setParams(at, { authority, params: again })])
      const { params, nextParams, nextParamsFrom } = await network.state()
      expect([params.minDeposit, nextParams.minDeposit, nextParamsFrom]).toEqual([2_000n, 3_000n, 4])
    })

    it('never lets evidence count for longer than it does', async () => {
      const authority = harness.creator.address
      const evidenceEpochs = PARAMS.evidenceEpochs + 1
      const params = longParams({ evidenceEpochs, cooldownEpochs: evidenceEpochs })
      expect(await network.refuses([setParams(network.chain.at, { authority, params })])).toBe(
        'EvidenceRaised',
      )
    })

    it('hands over to who was nominated and accepts, and to nobody else', async () => {
      const { at } = network.chain
      const authority = harness.creator.address
      const [nominee, other] = [harness.key('nominee'), harness.key('other')]
      expect(await network.refuses([acceptAuthority(at, nominee.address)], nominee)).toBe('NotNominee')
      const stolen = nominateAuthority(at, { authority: other.address, nominee: other.address })
      expect(await network.refuses([stolen], other)).toBe('NotAuthority')
      await network.does([nominateAuthority(at, { authority, nominee: nominee.address })])
      expect(await network.refuses([acceptAuthority(at, other.address)], other)).toBe('NotNominee')
      await network.does([nominateAuthority(at, { authority })])
      expect(await network.refuses([acceptAuthority(at, nominee.address)], nominee)).toBe('NotNominee')

      await network.does([nominateAuthority(at, { authority, nominee: nominee.address })])
      await network.does([acceptAuthority(at, nominee.address)], nominee)
      expect((await network.state()).authority).toBe(nominee.address)
      expect(await network.refuses([nominateAuthority(at, { authority })])).toBe('NotAuthority')
      await network.does([nominateAuthority(at, { authority: nominee.address })], nominee)
    })
  })
}
