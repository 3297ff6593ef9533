// What verifiers say a node was paid for, row by row.
import type { Verifier, Verifiers } from '@piecework/cli/local'
import { protocols, type StintResult } from '@piecework/network'
import type { PaidEpoch } from './lost.ts'

interface Payee {
  readonly nodeKey: Uint8Array
  /** How many jobs there are. */
  readonly jobs: number
}

export async function paidTo(
  verifiers: Verifiers,
  { nodeKey, jobs }: Payee,
): Promise<ReadonlyMap<number, PaidEpoch>> {
  const paid = new Map<number, { delivered: Set<string>; paidRows: number }>()
  const heard = await verifiers.askAll(protocols.status, { nodeKey, from: 0 })
  for (const { verifier, answer } of heard) {
    const node = answer.standing?.node
    for (const { epoch, paidRows } of answer.results.filter(isPaid)) {
      const one = paid.get(epoch) ?? { delivered: new Set(), paidRows: 0 }
      paid.set(epoch, { ...one, paidRows: Math.max(paidRows, one.paidRows) })
      for (let job = 0; job < jobs; job++) {
        for await (const result of resultsOf(verifiers, verifier, { job, epoch }))
          if (result.node === node) one.delivered.add(`${job}/${result.task}`)
      }
    }
  }
  return paid
}

const isPaid = ({ outcome }: StintResult): boolean => outcome === 'paid'

async function* resultsOf(
  verifiers: Verifiers,
  verifier: Verifier,
  at: { readonly job: number; readonly epoch: number },
): AsyncGenerator<{ readonly task: number; readonly node: number }> {
  for (let after = 0; ; ) {
    const { results } = await verifiers.ask(protocols.results, { ...at, after }, verifier)
    if (results.length === 0) return
    yield* results
    after += results.length
  }
}
