// Blockhashes, and what a message would cost under one.
import { z } from 'zod'
import { feeOf } from '../../vm/fee.ts'
import { inContext } from '../backend.ts'
import { blockhash, contextConfig, type Methods, method, viewOf } from '../params.ts'
import { readMessageParam } from '../transaction-param.ts'

export const blockhashMethods: Methods = {
  getLatestBlockhash: method(z.tuple([contextConfig]), (backend, [config]) => {
    const { slot, commitment } = viewOf(backend, config)
    return inContext(slot, backend.chain.slots.latestBlockhash(commitment))
  }),

  isBlockhashValid: method(z.tuple([blockhash, contextConfig]), (backend, [hash, config]) => {
    const { slot } = viewOf(backend, config)
    return inContext(slot, backend.chain.slots.isValid(hash, slot))
  }),

  getFeeForMessage: method(z.tuple([z.string(), contextConfig]), (backend, [message, config]) => {
    const { slot } = viewOf(backend, config)
    const transaction = readMessageParam(message)
    const known = backend.chain.slots.isValid(transaction.blockhash, slot)
    return inContext(slot, known ? feeOf(transaction) : null)
  }),
}
