import { acceptAuthority, nominateAuthority, pause, resume, setParams } from '@piecework/chain'
import { PROGRAM_PARAMS } from '../params.ts'
import { type Move, pick } from './scene.ts'

/** The authority pauses, resumes and changes what claims go by; others try the same. */
export const govern: Move = ({ network, actors, random }) => {
  const authority = random.chance(0.9) ? network.authority : actors.thief.address
  const params = {
    ...PROGRAM_PARAMS,
    outflowLimit: BigInt(1 + random.below(200_000)),
    maturity: random.below(400),
    maxClaimFee: BigInt(random.below(60)),
    maxSlashBps: random.below(2_000),
  }
  const { thief } = actors
  const choices = [
    () => pause(network.at, authority),
    () => resume(network.at, authority),
    () => setParams(network.at, { authority, params }),
    () => nominateAuthority(network.at, { authority }),
    () => acceptAuthority(network.at, thief.address),
  ]
  const make = pick(random, choices)
  return make === undefined ? [] : [make()]
}
