// The facts of an epoch, whole: what the chain says, with the parameters of kinds that it names.
import { type Chain, type Commitment, readFacts, withKinds } from '@piecework/chain'
import { type Facts, type KindRules, kindsCodec, type State } from '@piecework/protocol'
import type { VerifierContent } from './content.ts'

export interface FactsPorts {
  readonly chain: Chain
  readonly content: VerifierContent
}

export interface FactsOf {
  /** Of the epoch before. */
  readonly state: State
  readonly asOf: 'seal' | 'commits'
  readonly commitment: Commitment
}

export async function factsAfter({ chain, content }: FactsPorts, { state, ...how }: FactsOf): Promise<Facts> {
  const wanted = {
    epoch: state.epoch + 1,
    verifiers: state.verifiers.length,
    jobs: state.jobs.length,
    ...how,
  }
  const facts = await readFacts(chain, wanted)
  return withKinds(facts, await content.rules(facts.kindsHash))
}

/** By their hash on chain. */
export async function rulesOf(
  content: VerifierContent,
  kindsHash: Uint8Array,
): Promise<readonly KindRules[]> {
  return kindsCodec.decode(await content.rules(kindsHash))
}
