// Adversary 20: everybody at once against the money in the program, on its compiled form.
import { atLeast, atMost, type Bar, type Measured } from '../bench/types.ts'
import type { Attack } from '../program/attacks/attack.ts'
import { turnBits } from '../program/attacks/bits.ts'
import { collude } from '../program/attacks/collusion.ts'
import { overflowSums } from '../program/attacks/overflow.ts'
import { substituteAccounts } from '../program/attacks/substitution.ts'
import { takeTwice } from '../program/attacks/twice.ts'
import { type RandomRun, randomRun, together } from '../program/random-run.ts'
import type { Adversary, Size } from './types.ts'

const OPERATIONS: Readonly<Record<Size, number>> = { short: 2_000, full: 100_000 }
/** Then a new network: after enough lies little is left in the old one that anybody could claim. */
const OPERATIONS_A_NETWORK = 5_000
/** A run in which little is accepted would show little: of so many operations at least one claim, one final root. */
const OPERATIONS_A_CLAIM = 60
const OPERATIONS_A_ROOT = 60

export const adversary: Adversary = {
  number: 20,
  name: 'program',
  about:
    'Everybody, verifiers too, tries to get more out of the program than was paid: other accounts, double claims, ' +
    'revived accounts, overflow, random operations. claimed <= paid <= charged and charged + refunded <= deposited ' +
    'after each, and the vaults hold exactly what they must.',
  run: async (size) => play(size),
}

function play(size: Size): Measured {
  const attacks = {
    substitution: substituteAccounts(),
    bits: turnBits(),
    twice: takeTwice(),
    collusion: collude(),
    overflow: overflowSums(),
  }
  const run = manyRuns(OPERATIONS[size])
  const worked = [...Object.values(attacks).flatMap((attack) => attack.worked), ...run.broken]
  return {
    figures: {
      ...triedOf(attacks),
      ...figuresOf(run),
      ...(worked[0] === undefined ? {} : { worked: worked[0] }),
    },
    bars: barsOf(attacks, run),
  }
}

function manyRuns(operations: number): RandomRun {
  const count = Math.ceil(operations / OPERATIONS_A_NETWORK)
  const runs = Array.from({ length: count }, (_, number) =>
    randomRun(Math.min(operations, OPERATIONS_A_NETWORK), `adversary 20, network ${number}`),
  )
  return runs.reduce(together)
}

type Attacks = Readonly<Record<'substitution' | 'bits' | 'twice' | 'collusion' | 'overflow', Attack>>

function triedOf({
  substitution,
  bits,
  twice,
  collusion,
  overflow,
}: Attacks): Readonly<Record<string, number>> {
  return {
    accountsSubstituted: substitution.tried,
    bitsTurned: bits.tried,
    takenTwice: twice.tried,
    liesClaimed: collusion.tried,
    overflows: overflow.tried,
  }
}

function figuresOf(run: RandomRun): Readonly<Record<string, number | string>> {
  const sum = (counts: ReadonlyMap<string, number>): number =>
    [...counts.values()].reduce((all, one) => all + one, 0)
  return {
    randomOperations: run.operations,
    accepted: sum(run.accepted),
    refused: run.refused,
    mutatedAccepted: run.mutatedAccepted,
    mutatedRefused: run.mutatedRefused,
    claims: claimsOf(run),
    tokensClaimed: String(run.claimed),
    finalRoots: run.finalRoots,
    liesMadeFinal: sum(run.lies),
    kindsOfRefusal: run.refusals.size,
  }
}

function claimsOf({ accepted }: RandomRun): number {
  return (accepted.get('claim') ?? 0) + (accepted.get('claim, mutated') ?? 0)
}

function barsOf(attacks: Attacks, run: RandomRun): readonly Bar[] {
  return [
    atMost('substitutions that worked', attacks.substitution.worked.length, 0),
    atMost('turned bits that proved something', attacks.bits.worked.length, 0),
    atMost('lies that paid', attacks.collusion.worked.length, 0),
    atMost('times that money was had twice', attacks.twice.worked.length, 0),
    atMost('overflows that worked', attacks.overflow.worked.length, 0),
    atMost('promises about money that broke', run.broken.length, 0),
    atLeast('claims among the operations', claimsOf(run), Math.floor(run.operations / OPERATIONS_A_CLAIM)),
    atLeast('final roots', run.finalRoots, Math.floor(run.operations / OPERATIONS_A_ROOT)),
  ]
}
