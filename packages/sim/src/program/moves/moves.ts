// Everything that anybody may try on a network, with how often it is tried.
import { govern } from './authority.ts'
import { claim, openSomePage } from './claims.ts'
import { dispute } from './disputes.ts'
import { closeSomeJob, makeJob, refund } from './jobs.ts'
import { revive } from './lamports.ts'
import { joinOrLeave, retireSomebody, slash, withdraw } from './roster.ts'
import type { Move } from './scene.ts'

export const MOVES: Readonly<Record<string, { readonly move: Move; readonly weight: number }>> = {
  claim: { move: claim, weight: 40 },
  'open page': { move: openSomePage, weight: 1 },
  'create job': { move: makeJob, weight: 12 },
  'close job': { move: closeSomeJob, weight: 5 },
  'refund job': { move: refund, weight: 15 },
  'apply slash': { move: slash, weight: 6 },
  'join or leave': { move: joinOrLeave, weight: 2 },
  retire: { move: retireSomebody, weight: 2 },
  'withdraw stake': { move: withdraw, weight: 3 },
  dispute: { move: dispute, weight: 4 },
  revive: { move: revive, weight: 2 },
  govern: { move: govern, weight: 3 },
}
