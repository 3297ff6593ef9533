// job: have work done.
import type { Noun } from '../verb.ts'
import { close, list, post, refund } from './job-chain.ts'
import { keep } from './job-keep.ts'
import { results, watch } from './job-results.ts'
import { check, init } from './job-write.ts'

export const job: Noun = {
  noun: 'job',
  about: 'have work done: post jobs, get results, get unspent money back',
  verbs: [init, check, post, list, watch, keep, results, close, refund],
}
