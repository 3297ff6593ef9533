// All commands, in the order of the help.
import type { RunHere } from '../local/commands.ts'
import type { Noun } from '../verb.ts'
import { doctor } from './doctor.ts'
import { claim, earnings, whyNoun } from './earnings.ts'
import { job } from './job.ts'
import { key } from './key.ts'
import { localWith } from './local.ts'
import { network } from './network.ts'
import { node } from './node.ts'
import { settler } from './settler.ts'
import { verifier } from './verifier.ts'
import { work } from './work.ts'

/** `run`: how a command runs others. */
export function nounsWith(run: RunHere): readonly Noun[] {
  return [network, node, earnings, whyNoun, claim, job, work, verifier, settler, key, localWith(run), doctor]
}
