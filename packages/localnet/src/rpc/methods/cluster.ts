// Where the chain stands, and what it is.
import { z } from 'zod'
import { SLOTS_PER_EPOCH } from '../../vm/vm.ts'
import { SOLANA_VERSION } from '../backend.ts'
import { BLOCK_NOT_AVAILABLE, RpcError } from '../errors.ts'
import { address, contextConfig, count, type Methods, method, viewOf } from '../params.ts'

/** The real cluster's bound on getRecentPrioritizationFees. */
const MAX_FEE_ACCOUNTS = 128

const nothing = z.tuple([])
const context = z.tuple([contextConfig])

export const clusterMethods: Methods = {
  getHealth: method(nothing, () => 'ok'),
  getVersion: method(nothing, () => ({ 'solana-core': SOLANA_VERSION, 'feature-set': 0 })),
  getGenesisHash: method(nothing, ({ genesisHash }) => genesisHash),
  getIdentity: method(nothing, ({ identity }) => ({ identity })),
  getSlot: method(context, (backend, [config]) => viewOf(backend, config).slot),
  getTransactionCount: method(context, (backend, [config]) => {
    viewOf(backend, config)
    return backend.chain.transactionCount
  }),

  getBlockHeight: method(context, (backend, [config]) =>
    backend.chain.slots.height(viewOf(backend, config).slot),
  ),

  getEpochInfo: method(context, (backend, [config]) => {
    const { slot } = viewOf(backend, config)
    return {
      absoluteSlot: slot,
      blockHeight: backend.chain.slots.height(slot),
      epoch: Math.floor(slot / SLOTS_PER_EPOCH),
      slotIndex: slot % SLOTS_PER_EPOCH,
      slotsInEpoch: SLOTS_PER_EPOCH,
      transactionCount: backend.chain.transactionCount,
    }
  }),

  getEpochSchedule: method(nothing, () => ({
    slotsPerEpoch: SLOTS_PER_EPOCH,
    leaderScheduleSlotOffset: SLOTS_PER_EPOCH,
    warmup: false,
    firstNormalEpoch: 0,
    firstNormalSlot: 0,
  })),

  getFirstAvailableBlock: method(nothing, ({ chain }) => chain.slots.first),
  minimumLedgerSlot: method(nothing, ({ chain }) => chain.slots.first),

  getBlockTime: method(z.tuple([count]), ({ chain }, [slot]) => {
    const time = chain.slots.timeOf(slot)
    if (time === undefined) throw new RpcError(BLOCK_NOT_AVAILABLE, `Block not available for slot ${slot}`)
    return time
  }),

  getRecentPrioritizationFees: method(
    z.tuple([
      z.array(address).max(MAX_FEE_ACCOUNTS, `Too many inputs provided; max ${MAX_FEE_ACCOUNTS}`).nullish(),
    ]),
    ({ chain }, [keys]) => chain.recentPrices(keys ?? []),
  ),
}
